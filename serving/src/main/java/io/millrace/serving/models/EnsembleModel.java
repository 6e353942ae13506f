package io.millrace.serving.models;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.millrace.BadInputException;
import io.millrace.datasets.overlay.NewNode;
import io.millrace.datasets.platform.AtomicFile;
import io.millrace.serving.protocol.RequestException;
import io.millrace.serving.selection.ModelWeights;
import io.millrace.serving.selection.SelectionPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiFunction;

/**
 * Several models that answer as one, and whose weights follow what {@link #feedback} says. At the
 * deadline the answer is made by those that have answered, and names them. Thread-safe; the members
 * are closed by the server.
 */
public final class EnsembleModel implements Model {
  /** How fast the weights follow losses. */
  public static final double ETA = 0.5;

  /** The part of the time that is kept for putting answers together. */
  private static final int RESERVE = 10;

  private final String name;
  private final List<ModelSlot> members;
  private final SelectionPolicy policy;
  private final Optional<Path> file;
  private final ModelWeights weights;
  private final ModelShape shape;
  private long numRight;
  private long numJudged;

  /**
   * @param file where the weights are kept over restarts
   * @throws BadInputException if the members' answers differ in form, or the file is not one of
   *     this ensemble
   */
  public EnsembleModel(
      String name,
      List<ModelSlot> members,
      SelectionPolicy policy,
      Optional<Path> file,
      ModelContext context) {
    this.name = name;
    this.members = List.copyOf(members);
    this.policy = policy;
    this.file = file;
    weights = new ModelWeights(members.size(), ModelWeights.SHARE);
    ModelShape first = members.getFirst().shape();
    shape = new ModelShape(first.numClasses(), first.multiLabel(), 0, first.inputDim());
    for (ModelSlot member : members) {
      if (member.shape().numClasses() != first.numClasses()
          || member.shape().multiLabel() != first.multiLabel()
          || member.shape().inputDim() != first.inputDim()) {
        throw BadInputException.of(
            "models of an ensemble must have the same classes", "model", member.name());
      }
    }
    file.filter(Files::exists).ifPresent(this::restore);
    context.metrics().gauge("online.accuracy", name, this::accuracy);
  }

  private synchronized double accuracy() {
    return numJudged == 0 ? Double.NaN : (double) numRight / numJudged;
  }

  private void restore(Path saved) {
    try {
      JsonObject state = JsonParser.parseString(Files.readString(saved)).getAsJsonObject();
      if (!names().equals(texts(state.getAsJsonArray("models")))) {
        throw BadInputException.of("weights are of other models", "file", saved);
      }
      JsonArray values = state.getAsJsonArray("weights");
      double[] numbers = new double[members.size()];
      Arrays.setAll(numbers, i -> Math.abs(values.get(i).getAsDouble()));
      weights.restore(numbers);
      numRight = state.get("right").getAsLong();
      numJudged = state.get("judged").getAsLong();
    } catch (BadInputException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // whatever Gson makes of a damaged file
      throw new BadInputException("not the state of an ensemble: file=" + saved, e);
    }
  }

  private static List<String> texts(JsonArray array) {
    return array.asList().stream().map(JsonElement::getAsString).toList();
  }

  private List<String> names() {
    return members.stream().map(ModelSlot::name).toList();
  }

  private void save(Path target) {
    JsonObject state = new JsonObject();
    JsonArray models = new JsonArray();
    names().forEach(models::add);
    state.add("models", models);
    JsonArray values = new JsonArray();
    Arrays.stream(weights.values()).forEach(values::add);
    state.add("weights", values);
    state.addProperty("right", numRight);
    state.addProperty("judged", numJudged);
    try {
      AtomicFile.write(target, state + "\n", false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The weight of each member, in their order; a copy. */
  public synchronized double[] weights() {
    return weights.values();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public ModelShape shape() {
    return shape;
  }

  @Override
  public String version() {
    return "1";
  }

  @Override
  public Answer predict(int[] nodes, long deadline) {
    return combined((model, end) -> model.ask(nodes, end), nodes.length, deadline);
  }

  @Override
  public Answer predictNew(List<NewNode> nodes, long deadline) {
    return combined((model, end) -> model.askNew(nodes, end), nodes.size(), deadline);
  }

  private Answer combined(
      BiFunction<ServedModel, Long, List<CompletableFuture<float[]>>> asking,
      int numNodes,
      long deadline) {
    long now = System.nanoTime();
    long end = deadline - (deadline - now) / RESERVE;
    double[] shares = weights();
    BitSet chosen = policy.choose(shares, ThreadLocalRandom.current());
    MemberAnswers all = new MemberAnswers(members.size(), numNodes);
    chosen.stream().forEach(i -> all.ask(i, members.get(i), asking, deadline));
    all.await(end);
    double total = 0;
    List<String> used = new ArrayList<>();
    List<float[]> rows = new ArrayList<>();
    for (int n = 0; n < numNodes; n++) {
      rows.add(new float[shape.numClasses()]);
    }
    for (int i = 0; i < members.size(); i++) {
      if (all.isComplete(i)) {
        double share = policy == SelectionPolicy.EXP3 ? 1 : shares[i];
        total += share;
        used.add(members.get(i).name());
        all.addTo(rows, i, share);
      }
    }
    if (used.isEmpty()) {
      throw all.failure();
    }
    for (float[] row : rows) {
      for (int c = 0; c < row.length; c++) {
        row[c] = (float) (row[c] / total);
      }
    }
    return new Answer(version(), used, rows);
  }

  /**
   * Learns from the true classes of some nodes: each model is asked for them, and loses where it is
   * wrong.
   *
   * @param model the model that had answered; empty for all, which {@link SelectionPolicy#EXP3}
   *     does not allow
   * @param deadline by {@link System#nanoTime}
   * @return the weights
   */
  public double[] feedback(int[] nodes, int[] labels, Optional<String> model, long deadline) {
    if (policy == SelectionPolicy.EXP3 && model.isEmpty()) {
      throw RequestException.bad("feedback to exp3 must name the model that had answered");
    }
    if (model.isPresent() && !names().contains(model.get())) {
      throw RequestException.of(400, "no such model in the ensemble", "model", model.get());
    }
    Answer together = predict(nodes, deadline);
    List<Optional<Answer>> single = new ArrayList<>();
    for (ModelSlot member : members) {
      boolean asked = model.isEmpty() || model.get().equals(member.name());
      single.add(asked ? Optional.of(member.predict(nodes, deadline)) : Optional.empty());
    }
    synchronized (this) {
      for (int n = 0; n < nodes.length; n++) {
        int node = n;
        double[] losses =
            single.stream()
                .mapToDouble(it -> it.map(a -> loss(a, node, labels[node])).orElse(Double.NaN))
                .toArray();
        policy.learn(weights, losses, ETA);
        numRight += loss(together, n, labels[n]) == 0 ? 1 : 0;
        numJudged++;
      }
      file.ifPresent(this::save);
      return weights.values();
    }
  }

  private double loss(Answer answer, int n, int label) {
    return AnswerRows.best(answer.rows().get(n), shape.numClasses()) == label ? 0 : 1;
  }

  @Override
  public void close() {}
}
