package io.millrace.transfer.trace;

import io.millrace.Internal;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Records one thread of a pipeline: in which stage it is, and how long it was in each.
 *
 * <p>{@link #enter} is called by the thread itself; {@link #totals} by any. A track may pass from
 * one thread to another while it is in {@link Stage#OTHER}, whose time is not charged then.
 */
@Internal
public final class Track {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final boolean HAS_CPU_TIME = THREADS.isCurrentThreadCpuTimeSupported();

  private static final int COUNT = 0;
  private static final int WALL = 1;
  private static final int CPU = 2;
  private static final int NODES = 3;
  private static final int EDGES = 4;
  private static final int BYTES = 5;
  private static final int NUM_FIELDS = 6;

  private final String name;
  private final PipelineTrace trace;

  /** {@code NUM_FIELDS} sums per stage; one writer. */
  private final AtomicLongArray sums = new AtomicLongArray(Stage.values().length * NUM_FIELDS);

  private Thread thread;
  private Stage stage = Stage.OTHER;
  private int batch = -1;
  private long wallBegin;
  private long cpuBegin;
  private StageEvent event;

  Track(String name, PipelineTrace trace) {
    this.name = name;
    this.trace = trace;
  }

  /** The track's name in the trace. */
  public String name() {
    return name;
  }

  /**
   * The thread is in another stage from now on.
   *
   * @return the stage that it was in, to return to
   */
  public Stage enter(Stage next) {
    return trace.records() ? change(next) : stage;
  }

  private Stage change(Stage next) {
    long wall = System.nanoTime();
    long cpu = HAS_CPU_TIME ? THREADS.getCurrentThreadCpuTime() : 0;
    Stage before = stage;
    if (thread == Thread.currentThread()) {
      charge(before, wall, cpu);
    } else {
      thread = Thread.currentThread();
    }
    stage = next;
    wallBegin = wall;
    cpuBegin = cpu;
    event = new StageEvent();
    event.begin();
    return before;
  }

  /** As {@link #enter(Stage)}, for a batch of an epoch. */
  public Stage enter(Stage next, int batch) {
    Stage before = enter(next);
    this.batch = batch;
    return before;
  }

  private void charge(Stage ended, long wall, long cpu) {
    add(ended, WALL, wall - wallBegin);
    add(ended, CPU, cpu - cpuBegin);
    if (ended != Stage.OTHER) {
      trace.ended(this, ended, batch, wallBegin, wall);
      event.end();
      if (event.shouldCommit()) {
        event.stage = ended.label();
        event.batch = batch;
        event.commit();
      }
    }
  }

  /** The stage that the thread is in is done with a batch. */
  public void completed(long nodes, long edges, long bytes) {
    if (!trace.records()) {
      return;
    }
    Stage done = stage;
    trace.injected().spend(done, bytes);
    add(done, COUNT, 1);
    add(done, NODES, nodes);
    add(done, EDGES, edges);
    add(done, BYTES, bytes);
  }

  private void add(Stage of, int field, long value) {
    int i = of.ordinal() * NUM_FIELDS + field;
    sums.setOpaque(i, sums.getPlain(i) + value);
  }

  /** What the thread has done so far; without the stage that it is in. */
  public StageTotals totals(Stage of) {
    int i = of.ordinal() * NUM_FIELDS;
    return new StageTotals(
        sums.getOpaque(i + COUNT),
        sums.getOpaque(i + WALL),
        sums.getOpaque(i + CPU),
        sums.getOpaque(i + NODES),
        sums.getOpaque(i + EDGES),
        sums.getOpaque(i + BYTES));
  }

  Map<Stage, StageTotals> totals() {
    Map<Stage, StageTotals> all = new EnumMap<>(Stage.class);
    for (Stage of : Stage.values()) {
      all.put(of, totals(of));
    }
    return all;
  }
}
