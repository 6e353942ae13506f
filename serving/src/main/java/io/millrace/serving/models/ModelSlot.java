package io.millrace.serving.models;

import io.millrace.BadInputException;
import io.millrace.datasets.overlay.NewNode;
import io.millrace.serving.cache.AnswerCache;
import io.millrace.serving.protocol.RequestException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A model's name and the version that answers now. {@link #reload} replaces it without a pause.
 * Thread-safe.
 */
public final class ModelSlot implements Model {
  private final String name;
  private final ModelLoader loader;
  private final ModelContext context;
  private final Set<AnswerKey.Scope> known = new HashSet<>();
  private final List<ServedModel> replaced = new ArrayList<>();
  private volatile ServedModel current;
  private boolean closed;

  /**
   * Loads the model.
   *
   * @throws BadInputException if it cannot be read, or does not fit the dataset
   */
  public ModelSlot(String name, Path directory, Optional<Path> table, ModelContext context) {
    this.name = name;
    this.context = context;
    loader = new ModelLoader(name, directory, table, context);
    publish(loader.load(1, context.settings().firstLimit()));
    context.metrics().gauge("pending", name, () -> current.pending());
    context.metrics().gauge("batch.limit", name, () -> current.limit());
  }

  private void publish(ServedModel model) {
    current = model;
    if (!known.add(model.scope())) {
      return; // it was there before, and so is its gauge
    }
    context
        .metrics()
        .model(
            name,
            model.scope().weights(),
            model.scope().dataset(),
            () -> current.scope().equals(model.scope()) ? 1 : 0);
  }

  /**
   * Loads the model again from its folder, and answers with it from then on.
   *
   * @return the number of the new version
   * @throws BadInputException if it cannot be read, or has other inputs or outputs; the old version
   *     still answers then
   * @throws RequestException 503 if it was closed
   */
  public synchronized int reload() {
    if (closed) {
      throw RequestException.shed("the server ends", 1);
    }
    ServedModel old = current;
    ServedModel next = loader.load(old.number() + 1, old.limit());
    if (!next.shape().equals(old.shape())) {
      next.retire();
      next.awaitFreed();
      throw BadInputException.of(
          "a new version must have the inputs and outputs of the old one",
          "model",
          name,
          "old",
          old.shape(),
          "new",
          next.shape());
    }
    publish(next);
    old.retire();
    replaced.removeIf(ServedModel::isFreed);
    replaced.add(old);
    return next.number();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public ModelShape shape() {
    return current.shape();
  }

  @Override
  public String version() {
    return Integer.toString(current.number());
  }

  /** The current version, which the caller releases. */
  ServedModel acquire() {
    while (true) {
      ServedModel model = current;
      if (model.acquire()) {
        return model;
      }
      if (model == current) {
        throw RequestException.shed("the server ends", 1);
      }
    }
  }

  @Override
  public Answer predict(int[] nodes, long deadline) {
    ServedModel model = acquire();
    try {
      List<AnswerCache.Lookup> answers = model.ask(nodes, deadline);
      long readyAt = Waiting.untilReady(answers.stream().map(AnswerCache.Lookup::answer), deadline);
      List<float[]> rows = new ArrayList<>(nodes.length);
      for (int i = 0; i < nodes.length; i++) {
        rows.add(row(model, nodes[i], answers.get(i), deadline));
      }
      return new Answer(
          Integer.toString(model.number()), List.of(), Optional.empty(), rows, readyAt);
    } finally {
      model.release();
    }
  }

  /**
   * The row of a node. Another request that has asked for it may have had less time, or was
   * refused; then it is asked for once more.
   */
  static float[] row(ServedModel model, int node, AnswerCache.Lookup lookup, long deadline) {
    try {
      return Waiting.row(lookup.answer(), deadline);
    } catch (RequestException e) {
      boolean othersFault = !lookup.isNew() && (e.status() == 504 || e.status() == 503);
      if (!othersFault || System.nanoTime() >= deadline) {
        throw e;
      }
      return Waiting.row(model.rows(new int[] {node}, deadline).getFirst(), deadline);
    }
  }

  @Override
  public Answer predictNew(List<NewNode> nodes, long deadline) {
    ServedModel model = acquire();
    try {
      List<CompletableFuture<float[]>> answers = model.askNew(nodes, deadline);
      long readyAt = Waiting.untilReady(answers.stream(), deadline);
      List<float[]> rows = new ArrayList<>(nodes.size());
      for (CompletableFuture<float[]> answer : answers) {
        rows.add(Waiting.row(answer, deadline));
      }
      return new Answer(
          Integer.toString(model.number()), List.of(), Optional.empty(), rows, readyAt);
    } finally {
      model.release();
    }
  }

  /** Waits for all versions: for the requests that use them, and until their memory is free. */
  @Override
  public synchronized void close() {
    closed = true;
    current.retire();
    replaced.forEach(ServedModel::awaitFreed);
    current.awaitFreed();
  }
}
