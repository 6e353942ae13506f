package io.millrace.training.parallel;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.ranks.Collective;
import io.millrace.training.metrics.ScoreSink;
import io.millrace.training.torch.LibTorch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/**
 * Shows the results of an evaluation's batches to the scores of every rank, in the order of the
 * batches, whichever rank has computed them. One thread.
 */
@Internal
public final class ScoreExchange implements ScoreSink {
  private static final int HEADER = Double.BYTES + 3 * Integer.BYTES;
  private static final byte[] NOTHING = {};

  private final Ranks ranks;
  private final NDManager manager;
  private final ScoreSink scores;
  private byte[] own = NOTHING;

  /**
   * @param manager makes arrays on the CPU
   * @param scores of this rank
   */
  public ScoreExchange(Ranks ranks, NDManager manager, ScoreSink scores) {
    this.ranks = ranks;
    this.manager = manager;
    this.scores = scores;
  }

  /** The result of this rank's batch in the round. */
  @Override
  public void add(double meanLoss, int terms, NDArray logits, MemorySegment labels) {
    if (ranks.isAlone()) {
      scores.add(meanLoss, terms, logits, labels);
      return;
    }
    float[] values = logits.toFloatArray();
    long bytes = HEADER + (long) values.length * Float.BYTES + labels.byteSize();
    if (bytes > Collective.MAX_BYTES) {
      throw BadInputException.of(
          "the scores of a batch are too large for ranks to exchange, evalBatchSize must be"
              + " smaller",
          "bytes",
          bytes,
          "max",
          Collective.MAX_BYTES);
    }
    ByteBuffer result = ByteBuffer.allocate((int) bytes);
    result.putDouble(meanLoss).putInt(terms);
    result.putInt((int) logits.getShape().get(0)).putInt((int) logits.getShape().get(1));
    for (float value : values) {
      result.putFloat(value);
    }
    result.put(labels.toArray(ValueLayout.JAVA_BYTE));
    own = result.array();
  }

  /** Ends a round; all ranks call it together. */
  public void endRound() {
    if (!ranks.isAlone()) {
      byte[] mine = own;
      own = NOTHING;
      ranks.collective().allGather(mine).stream()
          .filter(it -> it.length > 0)
          .forEach(it -> show(ByteBuffer.wrap(it)));
    }
  }

  private void show(ByteBuffer result) {
    double meanLoss = result.getDouble();
    int terms = result.getInt();
    Shape shape = new Shape(result.getInt(), result.getInt());
    float[] values = new float[Math.toIntExact(shape.size())];
    result.asFloatBuffer().get(values);
    result.position(HEADER + values.length * Float.BYTES);
    try (Arena arena = Arena.ofConfined();
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
      MemorySegment labels = arena.allocate(result.remaining(), Long.BYTES);
      labels.copyFrom(MemorySegment.ofBuffer(result));
      NDArray logits = LibTorch.tensor(manager, Device.cpu(), memory, DataType.FLOAT32, shape);
      scores.add(meanLoss, terms, logits, labels);
    }
  }
}
