package io.millrace.cli.train;

import io.millrace.cli.command.Format;
import io.millrace.cli.command.Output;
import io.millrace.datasets.platform.ByteSize;
import io.millrace.slicing.cache.CacheRanking;
import io.millrace.slicing.cache.CacheSettings;
import io.millrace.slicing.cache.FeatureCacheReport;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainerBuilder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of the feature cache, to be passed to a {@link TrainerBuilder}. */
final class FeatureCacheOptions {
  @Option(
      names = "--feature-cache",
      paramLabel = "SIZE",
      description =
          "Memory for the feature rows that are read most often, for instance 2g, if the dataset is"
              + " mapped from its files (default: no cache).")
  private Optional<ByteSize> size = Optional.empty();

  @Option(
      names = "--feature-cache-by",
      paramLabel = "vip|degree",
      defaultValue = "vip",
      description =
          "Which rows: of the nodes that training batches hold most probably, or that occur most"
              + " often as a neighbour (default: ${DEFAULT-VALUE}).")
  private CacheRanking ranking;

  void apply(TrainerBuilder builder) {
    size.ifPresent(it -> builder.featureCache(new CacheSettings(it.bytes(), ranking)));
  }

  /** Says before a training what became of the options. */
  void note(GraphTrainer trainer, Output output) {
    if (size.isPresent() && trainer.featureCache().isEmpty()) {
      output.note("--feature-cache is not needed: the dataset is in memory");
    }
    trainer
        .featureCache()
        .ifPresent(
            it ->
                output.note(
                    "feature cache: %s rows, %s, predicted to give %s of the rows of a batch",
                    Format.count(it.rows()),
                    Format.bytes(it.bytes()),
                    Format.percent(it.predictedHitShare())));
  }

  /** After a training. */
  static String text(FeatureCacheReport report) {
    return Format.format(
        "feature cache of %s rows (%s): hit share %s, predicted %s",
        Format.count(report.rows()),
        Format.bytes(report.bytes()),
        Double.isNaN(report.measuredHitShare())
            ? "not measured"
            : Format.percent(report.measuredHitShare()),
        Format.percent(report.predictedHitShare()));
  }

  /** After a training; the measured share is null if it ran no epoch. */
  static Map<String, Object> json(FeatureCacheReport report) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("rows", report.rows());
    json.put("bytes", report.bytes());
    json.put("predicted_hit_share", report.predictedHitShare());
    json.put(
        "measured_hit_share",
        Double.isNaN(report.measuredHitShare()) ? null : report.measuredHitShare());
    return json;
  }
}
