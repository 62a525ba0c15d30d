import { boolean, list, object, string, type FunctionDefinition } from "../protocol/definition";
import { secret } from "../protocol/property-value";
import { ServiceError } from "../protocol/service-error";
import { arn, region, regionOf, text } from "./ec2";
import { DEBIAN_OWNER, debianImage, IMAGES } from "./images";
import { passes } from "./lookups";

/** Debian's public parameters (wiki.debian.org/Cloud/AmazonEC2Image). */
const PARAMETER = /^\/aws\/service\/debian\/release\/13\/latest\/(amd64|arm64)$/;

export const getParameter: FunctionDefinition = {
  token: "aws:ssm/getParameter:getParameter",
  inputs: { name: string({ required: true }), region, withDecryption: boolean() },
  calls: ["ssm:GetParameter"],
  async invoke(inputs, context) {
    const region = regionOf(inputs, context);
    const name = text(inputs.name);
    const architecture = PARAMETER.exec(name)?.[1];
    if (architecture === undefined) throw new ServiceError("ParameterNotFound", `couldn't find resource: SSM Parameter (${name})`);
    const { id } = debianImage(context.cloud.settings.image, architecture as "amd64" | "arm64", region);
    return {
      arn: `arn:aws:ssm:${region}::parameter${name}`,
      id: name,
      insecureValue: id,
      name,
      region,
      type: "String",
      // "Always marked as sensitive" whatever the parameter's type.
      value: secret(id),
      version: 1,
      withDecryption: inputs.withDecryption ?? true,
    };
  },
};

export const getAmi: FunctionDefinition = {
  token: "aws:ec2/getAmi:getAmi",
  inputs: {
    filters: list(object({ name: string({ required: true }), values: list(string(), { required: true }) })),
    includeDeprecated: boolean(),
    mostRecent: boolean(),
    nameRegex: string(),
    owners: list(string(), { required: true }),
    region,
  },
  notSimulated: ["allowUnsafeFilter", "executableUsers", "tags", "uefiData"],
  calls: ["ec2:DescribeImages"],
  async invoke(inputs, context) {
    const region = regionOf(inputs, context);
    const owners = inputs.owners as string[];
    const wanted = (inputs.filters ?? []) as unknown as { name: string; values: string[] }[];
    const [image, ...more] = IMAGES.filter(
      (candidate) =>
        candidate.kind === context.cloud.settings.image &&
        candidate.region === region &&
        owners.includes(DEBIAN_OWNER) &&
        (inputs.nameRegex === undefined || new RegExp(text(inputs.nameRegex)).test(candidate.name)) &&
        passes(
          {
            name: candidate.name,
            architecture: candidate.architecture === "amd64" ? "x86_64" : "arm64",
            "image-id": candidate.id,
            "root-device-type": "ebs",
            state: "available",
            "virtualization-type": "hvm",
          },
          wanted,
        ),
    );
    if (image === undefined) throw new Error("Your query returned no results. Please change your search criteria and try again.");
    if (more.length > 0 && inputs.mostRecent !== true) {
      throw new Error(
        "Your query returned more than one result. Please try a more specific search criteria, or set `most_recent` attribute to true.",
      );
    }
    return {
      architecture: image.architecture === "amd64" ? "x86_64" : "arm64",
      arn: arn(region, "image", image.id),
      id: image.id,
      imageId: image.id,
      name: image.name,
      ownerId: DEBIAN_OWNER,
      region,
      rootDeviceName: "/dev/xvda",
      rootDeviceType: "ebs",
      state: "available",
      virtualizationType: "hvm",
    };
  },
};
