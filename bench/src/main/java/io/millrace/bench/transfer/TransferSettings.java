package io.millrace.bench.transfer;

import io.millrace.Require;
import io.millrace.cli.command.Format;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is copied, and how often.
 *
 * @param totalBytes that every contender copies in a round, in as many slots as it takes: a
 *     multiple of each slot's size
 * @param slotBytes sizes of slots to measure
 * @param numSlots slots that copies are under way from and to
 * @param numRounds rounds that are measured
 */
record TransferSettings(long totalBytes, List<Long> slotBytes, int numSlots, int numRounds) {
  TransferSettings {
    Require.positive("--slots", numSlots);
    Require.positive("--rounds", numRounds);
  }

  /** 1 GiB in slots of 1 to 256 MiB. */
  static TransferSettings of(int numSlots, int numRounds) {
    return new TransferSettings(
        1L << 30,
        List.of(1L << 20, 4L << 20, 16L << 20, 64L << 20, 256L << 20),
        numSlots,
        numRounds);
  }

  Map<String, Object> toMap() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("total", Format.bytes(totalBytes));
    settings.put("slots", numSlots);
    settings.put("rounds", numRounds);
    return settings;
  }
}
