import { grouped } from "./grouped";
import type { Side, SourceRecord } from "./side";

/** Records that are found by name and type, however many there are. */
export class RecordSet {
  private readonly byName: ReadonlyMap<string, readonly SourceRecord[]>;

  constructor(
    readonly side: Side,
    readonly records: readonly SourceRecord[] = side.records,
  ) {
    this.byName = grouped(records, ({ name }) => name);
  }

  /** Every record at a name. */
  at(name: string): readonly SourceRecord[] {
    return this.byName.get(name) ?? [];
  }

  of(name: string, type: string): readonly SourceRecord[] {
    return this.at(name).filter((record) => record.type === type);
  }
}
