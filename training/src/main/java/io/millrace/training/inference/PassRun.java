package io.millrace.training.inference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.npy.NpyRows;
import io.millrace.training.inference.chunks.ChunkPlan;
import io.millrace.training.inference.chunks.HighDegreeRow;
import io.millrace.training.inference.chunks.InPlaceRows;
import io.millrace.training.inference.chunks.ParallelChunks;
import io.millrace.training.inference.chunks.PassFiles;
import io.millrace.training.nn.BatchTensors;
import io.millrace.training.torch.GradMode;
import io.millrace.training.torch.NamedArrays;
import io.millrace.training.torch.Scalars;
import io.millrace.training.torch.TorchEngine;
import io.millrace.transfer.BatchSource;
import io.millrace.transfer.BatchStream;
import io.millrace.transfer.DeviceBatch;
import io.millrace.transfer.EpochStats;
import io.millrace.transfer.trace.Stage;
import io.millrace.transfer.trace.Track;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

/**
 * Computes some ranges of a pass. Chunk by chunk, the rows go from the pipeline through the network
 * into the pass's file, while the workers prepare the next chunks.
 *
 * <p>Used by one thread, once. The next classes to read are {@link ChunkPlan} and {@link
 * PassFiles}.
 */
final class PassRun {
  private final InferenceSetup setup;
  private final InferencePass pass;
  private final GraphDataset input;
  private final List<Integer> ranges;
  private final ChunkPlan plan;
  private final Optional<InPlaceRows> inPlace;
  private final Optional<HighDegreeRow> longRow;
  private long numNodes;
  private long numLongRows;

  /** Edges of rows that no batch had. */
  private long ownEdges;

  /**
   * @param input the graph, with the input rows of the pass as features
   * @param ranges in rising order
   */
  PassRun(InferenceSetup setup, InferencePass pass, GraphDataset input, List<Integer> ranges) {
    this.setup = setup;
    this.pass = pass;
    this.input = input;
    this.ranges = ranges;
    plan = pass.plan(input, ranges);
    inPlace = pass.inPlace(input);
    longRow = pass.longRow(input);
  }

  /**
   * @param progress receives the number of rows done so far
   */
  PassReport run(LongConsumer progress) {
    try (NpyRows out = pass.files().openRows();
        GradMode _ = GradMode.off()) {
      if (inPlace.isPresent()) {
        computeInPlace(inPlace.get(), out, progress);
        return report(EpochStats.NONE);
      }
      try (BatchSource source = setup.newPipeline(input, pass, plan)) {
        BatchStream batches = source.start(plan);
        try (batches) {
          computeRanges(() -> mean(batches), out, progress);
        }
        return report(batches.stats());
      }
    }
  }

  private void computeInPlace(InPlaceRows rows, NpyRows out, LongConsumer progress) {
    TorchEngine.computeThreads(1); // for a chunk, of which several are computed at once
    try (ParallelChunks chunks = setup.inParallel(rows, pass, plan)) {
      computeRanges(chunks::next, out, progress);
    } finally {
      TorchEngine.computeThreads(setup.settings().computeThreads());
    }
  }

  /**
   * @param next the rows of the next chunk that is not long
   */
  private void computeRanges(Supplier<NDArray> next, NpyRows out, LongConsumer progress) {
    Map<Integer, List<ChunkPlan.Chunk>> byRange =
        plan.chunks().stream().collect(Collectors.groupingBy(ChunkPlan.Chunk::range));
    for (int range : ranges) {
      CRC32C checksum = new CRC32C();
      for (ChunkPlan.Chunk chunk : byRange.getOrDefault(range, List.of())) {
        compute(chunk, next, out, checksum);
        progress.accept(numNodes);
      }
      pass.files().commit(range, checksum);
    }
  }

  private PassReport report(EpochStats stats) {
    int rowBytes = input.features().rowBytes();
    return PassReport.of(pass.name(), stats, numNodes, numLongRows, ownEdges, rowBytes);
  }

  private void compute(
      ChunkPlan.Chunk chunk, Supplier<NDArray> next, NpyRows out, CRC32C checksum) {
    Track consumer = setup.trace().consumer();
    Stage before = consumer.enter(Stage.EVALUATE);
    try {
      computeRows(chunk, next, out, checksum);
      consumer.completed(0, 0, 0);
    } finally {
      consumer.enter(before);
    }
  }

  private void computeRows(
      ChunkPlan.Chunk chunk, Supplier<NDArray> next, NpyRows out, CRC32C checksum) {
    int[] nodes = plan.nodes(chunk);
    if (chunk.isLong()) {
      longRow.orElseThrow().compute(nodes[0], rows -> write(nodes, rows, out, checksum));
      numLongRows++;
      ownEdges += chunk.numEdges();
    } else {
      try (NDArray rows = next.get()) {
        write(nodes, rows, out, checksum);
      }
      ownEdges += inPlace.isPresent() ? chunk.numEdges() : 0;
    }
    numNodes += nodes.length;
  }

  /**
   * The mean over the chunk's batches; there is one batch unless a node is sampled several times.
   */
  private NDArray mean(BatchStream batches) {
    NDArray mean = rows(batches);
    for (int i = 1; i < plan.repeats(); i++) {
      try (NDArray more = rows(batches)) {
        mean.addi(more);
      }
    }
    if (plan.repeats() > 1) {
      try (NDArray repeats = Scalars.like(mean, plan.repeats())) {
        mean.divi(repeats);
      }
    }
    return mean;
  }

  /** Makes a copy, because the output of a layer may lie in the batch's slot. */
  private NDArray rows(BatchStream batches) {
    try (DeviceBatch batch = batches.next();
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray rows = pass.rows(BatchTensors.unlabelled(setup.network().manager(), batch));
      NDArray copy = rows.duplicate();
      NDScope.unregister(copy);
      return copy;
    }
  }

  private static void write(int[] nodes, NDArray rows, NpyRows out, CRC32C checksum) {
    try (NDArray inOrder = rows.flatten(); // contiguous, whatever the strides were
        NDArray onHost = inOrder.getDevice().isGpu() ? NamedArrays.onHost(inOrder) : inOrder) {
      ByteBuffer bytes = onHost.toByteBuffer(true);
      checksum.update(bytes.duplicate());
      for (int begin = 0; begin < nodes.length; ) {
        int end = begin + 1;
        while (end < nodes.length && nodes[end] == nodes[end - 1] + 1) {
          end++;
        }
        int length = (end - begin) * out.rowBytes();
        out.write(nodes[begin], bytes.slice(begin * out.rowBytes(), length));
        begin = end;
      }
    }
  }
}
