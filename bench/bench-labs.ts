import execa from "execa";
import { prepareMachine } from "../lab/command/up";
import { projectRoot } from "../lab/engine/root";
import { LabUnderTest } from "../test/lab/lab-under-test";
import { seconds } from "./figure";

type Say = (line: string) => void;

/** The labs of one run, made when the first measurement wants them. Each has a guardian that ends it however the bench ends. */
export class BenchLabs {
  readonly #hosts = new LabUnderTest("bench");
  readonly #books = new LabUnderTest("benchbooks");
  readonly #begun: LabUnderTest[] = [];
  #up: Promise<number> | undefined;
  #booksBegun: Promise<void> | undefined;
  #ended: Promise<void> | undefined;

  constructor(private readonly say: Say) {}

  async hosts(): Promise<LabUnderTest> {
    await this.secondsToUp();
    return this.#hosts;
  }

  async books(): Promise<LabUnderTest> {
    await (this.#booksBegun ??= this.#begin(this.#books));
    return this.#books;
  }

  secondsToUp(): Promise<number> {
    return (this.#up ??= this.#bringUp());
  }

  end(): Promise<void> {
    return (this.#ended ??= this.#end());
  }

  async #end(): Promise<void> {
    if (this.#begun.length > 0) this.say("ending the bench's labs");
    await Promise.all(this.#begun.map((lab) => lab.end()));
  }

  async #begin(lab: LabUnderTest): Promise<void> {
    this.#begun.push(lab);
    await lab.begin();
  }

  async #bringUp(): Promise<number> {
    await prepareMachine(this.say);
    await this.#begin(this.#hosts);
    this.say(`bringing the lab ${this.#hosts.name} up (a minute)`);
    // As a person runs it.
    return seconds(() =>
      execa("sh", ["lab/run.sh", "lab/command/lab.ts", "--lab", this.#hosts.name, "up"], { cwd: projectRoot, stdin: "ignore" }),
    );
  }
}
