package io.millrace.datasets.formats.ogb;

import io.millrace.Progress;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.formats.EdgeInput;
import io.millrace.datasets.formats.features.FeatureSource;
import java.nio.file.Path;
import java.util.Optional;

/** The files below {@code raw/} of an OGB folder, in one of OGB's two forms. */
sealed interface OgbRaw extends AutoCloseable permits OgbCsv, OgbBinary {
  int numNodes();

  /** As the source states it; {@link EdgeInput#end} checks it. */
  long numEdges();

  Optional<NodeLabels> labels();

  EdgeInput edges(Path scratch, Progress progress);

  Optional<FeatureSource> features(Path scratch);

  @Override
  default void close() {}
}
