import type { Side, SourceRecord } from "./side";

/** Records that are found by name and type, however many there are. */
export class RecordSet {
  private readonly byName = new Map<string, SourceRecord[]>();

  constructor(
    readonly side: Side,
    readonly records: readonly SourceRecord[] = side.records,
  ) {
    for (const record of records) {
      const same = this.byName.get(record.name);
      if (same === undefined) this.byName.set(record.name, [record]);
      else same.push(record);
    }
  }

  /** Every record at a name. */
  at(name: string): readonly SourceRecord[] {
    return this.byName.get(name) ?? [];
  }

  of(name: string, type: string): readonly SourceRecord[] {
    return this.at(name).filter((record) => record.type === type);
  }
}
