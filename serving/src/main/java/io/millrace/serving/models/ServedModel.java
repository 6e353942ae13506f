package io.millrace.serving.models;

import io.millrace.datasets.overlay.NewNode;
import io.millrace.serving.batching.AimdLimit;
import io.millrace.serving.batching.BatchQueue;
import io.millrace.serving.batching.Batcher;
import io.millrace.serving.cache.AnswerCache;
import io.millrace.serving.metrics.ServerMetrics;
import io.millrace.serving.protocol.RequestException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One loaded version of a model: its rows, the queue in front of them, and the cache, which it
 * shares with the other models.
 *
 * <p>Who uses it calls {@link #acquire} and {@link #release}; it frees itself when it was retired
 * and nobody uses it. Thread-safe. The next class to read is {@link Batcher}.
 */
public final class ServedModel {
  private static final System.Logger LOG = System.getLogger(ServedModel.class.getName());
  private static final int WARM_BATCHES = 100;
  private static final int WARM_SIZE = 64;
  private static final long WARM_NANOS = 1_000_000_000;

  private final String name;
  private final int number;
  private final AnswerKey.Scope scope;
  private final ModelShape shape;
  private final RowSource rows;
  private final AnswerCache<AnswerKey> cache;
  private final ServerMetrics metrics;
  private final Batcher<Ask> batcher;
  private int users;
  private final CompletableFuture<Void> freed = new CompletableFuture<>();
  private boolean retired;
  private boolean closed;

  ServedModel(
      String name,
      int number,
      AnswerKey.Scope scope,
      ModelShape shape,
      RowSource rows,
      ModelContext context,
      int firstLimit) {
    this.name = name;
    this.number = number;
    this.scope = scope;
    this.shape = shape;
    this.rows = rows;
    this.cache = context.cache();
    this.metrics = context.metrics();
    batcher =
        new Batcher<>(
            name,
            new BatchQueue<>(
                context.settings().queue(),
                context.settings().maxDelayNanos(),
                new AimdLimit(firstLimit, context.settings().limitStep())),
            context::batchObjective,
            this::compute,
            new Batcher.Listener() {
              @Override
              public void finished(int size, long nanos, int limit) {
                metrics.computed(name, size, nanos);
              }

              @Override
              public void expired(int count) {
                metrics.shed(name, "expired", count);
              }
            });
  }

  private void compute(List<Ask> batch) {
    long first = batch.stream().mapToLong(Ask::since).min().orElseThrow();
    metrics.queued(name, System.nanoTime() - first);
    rows.compute(batch);
  }

  /** Its number among the versions of its name, from 1. */
  public int number() {
    return number;
  }

  ModelShape shape() {
    return shape;
  }

  AnswerKey.Scope scope() {
    return scope;
  }

  int pending() {
    return batcher.pending();
  }

  int limit() {
    return batcher.limit();
  }

  /**
   * Asks for nodes.
   *
   * @return the row of each, once it is there; one that is not new was asked for by another request
   * @throws RequestException 503 if they would not be computed in time
   */
  List<AnswerCache.Lookup> ask(int[] nodes, long deadline) {
    List<AnswerCache.Lookup> answers = new ArrayList<>(nodes.length);
    List<Ask> own = new ArrayList<>();
    for (int node : nodes) {
      if (rows.isStored()) {
        Ask ask = Ask.of(node, new CompletableFuture<>());
        rows.compute(List.of(ask));
        answers.add(new AnswerCache.Lookup(ask.answer(), true));
        continue;
      }
      AnswerCache.Lookup lookup = cache.lookup(new AnswerKey(scope, node));
      answers.add(lookup);
      if (lookup.isNew()) {
        own.add(Ask.of(node, lookup.answer()));
      }
    }
    if (!rows.isStored()) {
      metrics.lookedUp(nodes.length - own.size(), own.size());
    }
    submit(own, deadline);
    return answers;
  }

  /** As {@link #ask}, for those who need not know who else has asked. */
  List<CompletableFuture<float[]>> rows(int[] nodes, long deadline) {
    return ask(nodes, deadline).stream().map(AnswerCache.Lookup::answer).toList();
  }

  /** As {@link #rows}, for nodes that the graph does not have. */
  List<CompletableFuture<float[]>> askNew(List<NewNode> nodes, long deadline) {
    List<Ask> asks = nodes.stream().map(Ask::of).toList();
    if (rows.isStored()) {
      rows.compute(asks);
    } else {
      submit(asks, deadline);
    }
    return asks.stream().map(Ask::answer).toList();
  }

  private void submit(List<Ask> asks, long deadline) {
    if (asks.isEmpty()) {
      return;
    }
    try {
      batcher.submit(asks, deadline);
    } catch (RequestException e) {
      metrics.shed(name, e.status() == 504 ? "expired" : "overload", asks.size());
      asks.forEach(ask -> ask.answer().completeExceptionally(e));
      throw e;
    }
  }

  /**
   * Computes batches whose sizes double as long as they take little time, again and again, so that
   * the first requests do not pay for compilation, and for memory that grows to a large batch.
   */
  void warm(int numNodes) {
    long end = System.nanoTime() + WARM_NANOS;
    int size = 1;
    int node = 0;
    for (int i = 0; i < WARM_BATCHES && System.nanoTime() < end && !rows.isStored(); i++) {
      List<Ask> batch = new ArrayList<>(List.of(Ask.of(new NewNode(new float[shape.inputDim()]))));
      for (int k = 0; k < Math.min(size, numNodes); k++) {
        batch.add(Ask.of(node, new CompletableFuture<>())); // may be too large: no matter
        node = (node + 1) % numNodes;
      }
      long begin = System.nanoTime();
      rows.compute(batch);
      boolean isLarge = size == WARM_SIZE || System.nanoTime() - begin > WARM_NANOS / WARM_BATCHES;
      size = isLarge ? 1 : 2 * size;
    }
  }

  /** Whether it can be used; then {@link #release} must follow. */
  synchronized boolean acquire() {
    if (closed) {
      return false;
    }
    users++;
    return true;
  }

  void release() {
    boolean last;
    synchronized (this) {
      users--;
      last = endsNow();
    }
    if (last) {
      startFreeing();
    }
  }

  /**
   * Says that nobody new will use it; it is freed when the last user has released it, by a thread
   * of its own, because its batches may still be computed. Ends at once.
   */
  void retire() {
    boolean last;
    synchronized (this) {
      retired = true;
      last = endsNow();
    }
    if (last) {
      startFreeing();
    }
  }

  private void startFreeing() {
    Thread.ofPlatform()
        .name("millrace-frees-" + name)
        .start(
            () -> {
              try {
                batcher.close();
                rows.close();
                freed.complete(null);
              } catch (RuntimeException | Error e) {
                LOG.log(Level.ERROR, "cannot free a version: " + this, e);
              } finally {
                freed.complete(null);
              }
            });
  }

  /** Waits until a retired version is freed. */
  void awaitFreed() {
    freed.join();
  }

  boolean isFreed() {
    return freed.isDone();
  }

  private boolean endsNow() {
    boolean ends = retired && users == 0 && !closed;
    closed |= ends;
    return ends;
  }

  @Override
  public String toString() {
    return name + " " + number + " " + Arrays.asList(scope);
  }
}
