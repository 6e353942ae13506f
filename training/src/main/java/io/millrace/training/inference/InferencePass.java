package io.millrace.training.inference;

import ai.djl.ndarray.NDArray;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.Fanout;
import io.millrace.training.nn.BatchTensors;
import java.util.List;
import java.util.Optional;

/**
 * One way through all nodes: rows of the features, or of the pass before, become rows of a file.
 * Immutable beside the network, which is one thread's.
 */
sealed interface InferencePass permits LayerPass, SampledPass {
  /** For progress and reports. */
  String name();

  /** Where the rows go. */
  PassFiles files();

  /** Of the batches. */
  Fanout fanout();

  /** The chunks of some ranges. */
  ChunkPlan plan(CsrGraph graph, List<Integer> ranges);

  /** A slot's first size, in bytes. */
  long slotBytes();

  /** The rows of a batch's seeds, float32 {@code [numSeeds x files().dim()]}. */
  NDArray rows(BatchTensors batch);

  /** Computes rows that are too long for a chunk; a pass that samples has none. */
  Optional<HighDegreeRow> longRow(GraphDataset input, InferenceSettings settings);
}
