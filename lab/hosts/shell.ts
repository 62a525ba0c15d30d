import execa from "execa";

/** A script of POSIX sh on this machine; what it prints. It stops at the first command that fails, with an error that says what that one said. */
export async function shell(script: string, input?: string): Promise<string> {
  try {
    const { stdout } = await execa("sh", ["-euc", script], input === undefined ? { stdin: "ignore" } : { input });
    return stdout;
  } catch (error) {
    const { stderr, shortMessage } = error as execa.ExecaError;
    throw new Error(typeof stderr === "string" && stderr.trim() !== "" ? stderr.trim() : shortMessage, { cause: error });
  }
}
