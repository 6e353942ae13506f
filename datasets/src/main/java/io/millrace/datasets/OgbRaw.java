package io.millrace.datasets;

import java.nio.file.Path;
import java.util.Optional;

/** What an OGB folder holds below {@code raw/}, in one of OGB's two ways to store it. */
sealed interface OgbRaw extends AutoCloseable permits OgbCsv, OgbBinary {
  int numNodes();

  /** As the source counts them; {@link #edges} checks it. */
  long numEdges();

  Optional<NodeLabels> labels();

  EdgeInput edges(Path scratch, Progress progress);

  Optional<FeatureSource> features(Path scratch);

  @Override
  default void close() {}
}
