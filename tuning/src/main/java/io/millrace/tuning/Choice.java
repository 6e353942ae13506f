package io.millrace.tuning;

import io.millrace.tuning.model.Setting;

/**
 * All that a {@link Tuner} decides.
 *
 * @param setting threads and slots
 * @param storage of the data
 */
public record Choice(Setting setting, Storage storage) {
  @Override
  public String toString() {
    String where = storage.toString();
    return where.isEmpty() ? setting.toString() : setting + ", " + where;
  }
}
