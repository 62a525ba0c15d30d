import { any, string, type ProviderDefinition } from "../protocol/definition";
import { isObject, type Properties, type Value } from "../protocol/property-value";
import { eip } from "./eip";
import { eipAssociation } from "./eip-association";
import { eipDomainName } from "./eip-domain-name";
import { region } from "./ec2";
import { getAmi, getParameter } from "./image-lookups";
import { instance } from "./instance";
import { instanceState } from "./instance-state";
import { getAvailabilityZones, getRegion, getSubnet, getSubnets, getVpc } from "./lookups";
import { securityGroup } from "./security-group";
import { securityGroupEgressRule, securityGroupIngressRule } from "./security-group-rule";
import { volume } from "./volume";
import { volumeAttachment } from "./volume-attachment";

/** Provider settings that are not strings come as JSON text. */
const parsed = (value: Value | undefined): Value | undefined => (typeof value === "string" ? (JSON.parse(value) as Value) : value);

export const aws: ProviderDefinition = {
  name: "aws",
  detailedDiff: true,
  isEventual: true,
  // Whose account it is; this needs no permission (STS API reference, GetCallerIdentity).
  calls: ["sts:GetCallerIdentity"],
  config: {
    // Without one the provider has no service to talk to.
    region: { ...region, required: true },
    defaultTags: any(),
    accessKey: string(),
    secretKey: string(),
    token: string(),
    profile: string(),
    // The lab's account is nobody's; there is nothing to validate.
    skipCredentialsValidation: any(),
    skipMetadataApiCheck: any(),
    skipRegionValidation: any(),
    skipRequestingAccountId: any(),
  },
  notSimulated: [
    "allowedAccountIds",
    "assumeRoleWithWebIdentity",
    "assumeRoles",
    "customCaBundle",
    "ec2MetadataServiceEndpoint",
    "ec2MetadataServiceEndpointMode",
    "endpoints",
    "forbiddenAccountIds",
    "httpProxy",
    "httpsProxy",
    "ignoreTags",
    "insecure",
    "maxRetries",
    "noProxy",
    "retryMode",
    "s3UsEast1RegionalEndpoint",
    "s3UsePathStyle",
    "sharedConfigFiles",
    "sharedCredentialsFiles",
    "stsRegion",
    "tagPolicyCompliance",
    "tokenBucketRateLimiterCapacity",
    "useDualstackEndpoint",
    "useFipsEndpoint",
    "userAgents",
  ],
  resources: [
    eip,
    eipAssociation,
    eipDomainName,
    instance,
    instanceState,
    securityGroup,
    securityGroupEgressRule,
    securityGroupIngressRule,
    volume,
    volumeAttachment,
  ],
  functions: [getAmi, getAvailabilityZones, getParameter, getRegion, getSubnet, getSubnets, getVpc],

  /** After 25 attempts (aws-sdk-go-base, the provider's `maxRetries`); EC2 user guide, "Request throttling for the Amazon EC2 API". */
  throttled(call) {
    const [service = "", action = ""] = call.split(":");
    return new Error(
      `operation error ${service.toUpperCase()}: ${action}, exceeded maximum number of attempts, 25, https response error StatusCode: 503, ` +
        "api error RequestLimitExceeded: Request limit exceeded.",
    );
  },

  /** As the bridge does before its check: the provider's region, and its default tags under the resource's own. */
  applyConfig(inputs, config, resource) {
    const filled: Properties = { ...inputs };
    if ((filled.region ?? null) === null && config.region !== undefined) filled.region = config.region;
    const defaults = parsed(config.defaultTags);
    const common = isObject(defaults) ? defaults.tags : undefined;
    if (resource.inputs.tags !== undefined && isObject(common) && (filled.tags === undefined || isObject(filled.tags))) {
      filled.tags = { ...common, ...filled.tags };
    }
    return filled;
  },
};
