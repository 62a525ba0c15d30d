/** Takes one line for a person who waits. */
export type Progress = (line: string) => void;
