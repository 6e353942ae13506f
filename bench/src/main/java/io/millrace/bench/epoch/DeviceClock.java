package io.millrace.bench.epoch;

import io.millrace.cuda.Cuda;
import io.millrace.cuda.CudaEvent;
import io.millrace.cuda.CudaStream;
import io.millrace.cuda.DeviceMemory;
import io.millrace.cuda.ForwardingCuda;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A GPU that measures where the time of an epoch went, by time stamps on the compute stream: no
 * thread waits for them.
 *
 * <pre>
 *   stream 0   [begin]  idle  [asked]  wait for copied  [there]  model  [done]  idle  [asked] ...
 * </pre>
 *
 * <p>A batch is asked for when its copy is submitted, or, if that was done ahead, when the model is
 * instructed to wait for it. Idle before that is the time that the GPU is blocked on sampling and
 * slicing, and on what else the host does between two batches. One batch at a time is computed on.
 * Used by the thread that trains, but for the memory; {@link #close} destroys the events.
 */
final class DeviceClock extends ForwardingCuda implements AutoCloseable {
  /**
   * The parts of the time between two calls, in seconds.
   *
   * @param idle before the batches were asked for
   * @param copying from then on until they were there
   * @param computing on them
   */
  record Times(double idle, double copying, double computing) {}

  private static final int MARKS_PER_BATCH = 3;

  /** The first is the beginning; then each batch's asked, there and done. */
  private final List<CudaEvent> marks = new ArrayList<>();

  private final List<CudaEvent> spare = new ArrayList<>();
  private boolean running;

  DeviceClock(Cuda next) {
    super(next);
  }

  /** From here on time is taken. */
  void begin() {
    running = true;
    mark();
  }

  /** What follows is not of the epoch, until the next one begins. */
  void stop() {
    running = false;
  }

  /** Waits for the GPU and reports what it did between {@link #begin} and {@link #stop}. */
  Times end() {
    stop();
    streamSynchronize(CudaStream.LEGACY_DEFAULT);
    double[] seconds = new double[MARKS_PER_BATCH];
    for (int i = 1; i < marks.size(); i++) {
      seconds[(i - 1) % MARKS_PER_BATCH] += elapsedMillis(marks.get(i - 1), marks.get(i)) / 1e3;
    }
    spare.addAll(marks);
    marks.clear();
    return new Times(seconds[0], seconds[1], seconds[2]);
  }

  @Override
  public void copyToDeviceAsync(
      MemorySegment source, DeviceMemory target, long targetOffset, CudaStream stream) {
    asked();
    super.copyToDeviceAsync(source, target, targetOffset, stream);
  }

  @Override
  public void streamWaitEvent(CudaStream stream, CudaEvent event) {
    boolean byModel = stream.equals(CudaStream.LEGACY_DEFAULT);
    if (byModel) {
      asked();
    }
    super.streamWaitEvent(stream, event);
    if (byModel && running) {
      mark();
    }
  }

  @Override
  public void eventRecord(CudaEvent event, CudaStream stream) {
    if (stream.equals(CudaStream.LEGACY_DEFAULT) && running) {
      mark();
    }
    super.eventRecord(event, stream);
  }

  /** Once a batch, behind the batch before; not for copies ahead while the model computes. */
  private void asked() {
    if (running && marks.size() % MARKS_PER_BATCH == 1) {
      mark();
    }
  }

  private void mark() {
    CudaEvent next = spare.isEmpty() ? super.timedEventCreate() : spare.removeLast();
    marks.add(next);
    super.eventRecord(next, CudaStream.LEGACY_DEFAULT);
  }

  @Override
  public void close() {
    if (!marks.isEmpty()) { // the epoch has failed
      end();
    }
    spare.forEach(this::eventDestroy);
    spare.clear();
  }
}
