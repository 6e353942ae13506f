package io.millrace.cli.ranks;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.cli.command.Format;
import io.millrace.datasets.DatasetPart;
import io.millrace.datasets.GraphDataset;
import io.millrace.slicing.partition.Assignment;
import io.millrace.training.parallel.PartitionReport;
import io.millrace.training.parallel.PartitionSettings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that divide feature rows among ranks. */
@Internal
public final class PartitionOptions {
  @Option(
      names = "--partition",
      paramLabel = "FILE",
      description =
          "With ranks: each reads the feature rows of its own part and asks the others for theirs;"
              + " a file of the command partition, or of METIS. The result is the same. Not needed"
              + " with parts that partition --save has cut.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--remote-cache",
      paramLabel = "SHARE",
      defaultValue = "0",
      description =
          "With --partition or parts: how many rows of others a rank keeps, as a share of the rows"
              + " of a part (default: ${DEFAULT-VALUE}).")
  private double cacheShare;

  /**
   * Refuses options that do not belong together, before anything is read.
   *
   * @throws BadInputException if they do not
   */
  public void requireFit(RankOptions ranks) {
    if (!(cacheShare >= 0 && cacheShare < Double.POSITIVE_INFINITY)) {
      throw BadInputException.of(
          "the share of cached rows must not be negative", "--remote-cache", cacheShare);
    }
    if (cacheShare > 0 && file.isEmpty() && ranks.size().isEmpty()) {
      throw needsPartition();
    }
    if (file.isPresent() && ranks.size().isEmpty()) {
      throw BadInputException.of(
          "--partition needs --ranks, --hosts or --collective mpi", "--partition", file.get());
    }
    file.ifPresent(it -> requireFixed(ranks, "--partition", it));
  }

  private static void requireFixed(RankOptions ranks, String name, Object value) {
    if (ranks.changes().arePossible()) {
      throw BadInputException.of(
          "a partition has a part for each rank, so --restarts and --resize-file cannot change"
              + " their number",
          name,
          value);
    }
  }

  private BadInputException needsPartition() {
    return BadInputException.of(
        "--remote-cache needs --partition, or parts of a dataset", "--remote-cache", cacheShare);
  }

  /**
   * How rows are divided, if they are: as the options say, or as the dataset was cut.
   *
   * @throws BadInputException if the options do not fit the dataset
   */
  public Optional<PartitionSettings> settings(RankOptions ranks, int numRanks, GraphDataset data) {
    Optional<DatasetPart> part = data.part();
    part.ifPresent(it -> requireFixed(ranks, "dataset", data.name()));
    if (part.isPresent() && file.isPresent()) {
      throw BadInputException.of(
          "a part of a dataset needs no --partition, since it knows how the dataset was cut",
          "dataset",
          data.name(),
          "--partition",
          file.get());
    }
    if (cacheShare > 0 && file.isEmpty() && part.isEmpty()) {
      throw needsPartition();
    }
    return part.filter(_ -> numRanks > 0)
        .map(_ -> Assignment.of(data))
        .or(() -> file.map(it -> Assignment.read(it, numRanks, data.graph().numNodes())))
        .map(
            it ->
                new PartitionSettings(it, cacheShare, ranks.here(), ranks.tls(), ranks.timeout()));
  }

  /** In one line, of this rank. */
  public static String text(PartitionReport report) {
    return Format.format(
        "rows: %s local, %s from copies, %s fetched (predicted %s), waited for %.1f %% of a slot's"
            + " time",
        Format.count(report.localRows()),
        Format.count(report.cachedRows()),
        Format.count(report.remoteRows()),
        Format.count(Math.round(report.predictedRemoteRows())),
        100 * report.fetchWaitShare());
  }

  /** For JSON, of this rank. */
  public static Map<String, Object> json(PartitionReport report) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("remote_rows", report.remoteRows());
    json.put("cached_rows_hit", report.cachedRows());
    json.put("local_rows", report.localRows());
    json.put("predicted_remote_rows", report.predictedRemoteRows());
    json.put("bytes_received", report.bytesReceived());
    json.put("fetch_wait_share", report.fetchWaitShare());
    return json;
  }
}
