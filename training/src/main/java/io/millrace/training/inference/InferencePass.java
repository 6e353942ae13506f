package io.millrace.training.inference;

import ai.djl.ndarray.NDArray;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.Fanout;
import io.millrace.training.inference.chunks.ChunkPlan;
import io.millrace.training.inference.chunks.HighDegreeRow;
import io.millrace.training.inference.chunks.InPlaceRows;
import io.millrace.training.inference.chunks.PassFiles;
import io.millrace.training.nn.BatchTensors;
import java.util.List;
import java.util.Optional;

/**
 * One pass over all nodes: it turns rows of the features, or of the previous pass, into rows of a
 * file. Immutable, except for the network, which belongs to one thread. The next class to read is
 * {@link PassRun}.
 */
interface InferencePass {
  /** The name of the pass, for progress and reports. */
  String name();

  /** The files that the rows are written to. */
  PassFiles files();

  /** Neighbours per hop that a batch needs. */
  Fanout fanout();

  /**
   * The chunks of some ranges.
   *
   * @param input the graph, with the input rows of the pass as features
   */
  ChunkPlan plan(GraphDataset input, List<Integer> ranges);

  /** Computes rows without batches, where layer and input permit it. */
  Optional<InPlaceRows> inPlace(GraphDataset input);

  /** The first size of a slot for the batches of a plan, in bytes. */
  long slotBytes(ChunkPlan plan);

  /** The rows of a batch's seeds, float32 {@code [numSeeds x files().dim()]}. */
  NDArray rows(BatchTensors batch);

  /** Computes rows that are too long for a chunk; a sampling pass has no such rows. */
  Optional<HighDegreeRow> longRow(GraphDataset input);
}
