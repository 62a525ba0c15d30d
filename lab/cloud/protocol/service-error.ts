/** A refusal, with the service's own code and text. */
export class ServiceError extends Error {
  constructor(
    readonly code: string,
    text: string,
  ) {
    super(`${code}: ${text}`);
  }
}
