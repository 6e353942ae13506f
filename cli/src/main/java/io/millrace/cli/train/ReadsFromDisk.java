package io.millrace.cli.train;

import io.millrace.cli.command.Format;
import io.millrace.slicing.disk.DiskReads;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a training has read from the file of the features, for its output. Stateless. */
final class ReadsFromDisk {
  private ReadsFromDisk() {}

  static String text(DiskReads reads) {
    return Format.format(
        "features from disk: %s rows by %s reads, %s per row, %.0f reads at a time, %s",
        Format.count(reads.rows()),
        Format.count(reads.requests()),
        Double.isNaN(reads.bytesPerRow()) ? "-" : Format.bytes(Math.round(reads.bytesPerRow())),
        reads.depth(),
        reads.direct() ? "without the page cache" : "through the page cache");
  }

  /** The depth is null if nothing was read. */
  static Map<String, Object> json(DiskReads reads) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("rows", reads.rows());
    json.put("requests", reads.requests());
    json.put("bytes", reads.bytes());
    json.put("depth", Double.isNaN(reads.depth()) ? null : reads.depth());
    json.put("direct", reads.direct());
    return json;
  }
}
