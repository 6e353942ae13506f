package io.millrace.serving.models;

import io.millrace.BadInputException;
import io.millrace.datasets.overlay.NewNode;
import io.millrace.serving.protocol.RequestException;
import io.millrace.serving.selection.DrawnAnswers;
import io.millrace.serving.selection.SelectionPolicy;
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
 * Several models that answer as one, and whose weights follow what feedback says. At the deadline
 * the answer is made by those that have answered, and names them. Thread-safe; the members are
 * closed by the server.
 */
public final class EnsembleModel implements Model {
  /** The part of the time that is kept for putting answers together. */
  private static final int RESERVE = 10;

  /** Nodes of the drawn answers that feedback can still judge. */
  private static final long JUDGED_LATER = 5_000_000;

  private final String name;
  private final List<ModelSlot> members;
  private final SelectionPolicy policy;
  private final EnsembleState state;
  private final DrawnAnswers drawn = new DrawnAnswers(JUDGED_LATER);
  private final ModelShape shape;

  /**
   * @param file where the weights are kept over restarts
   * @throws BadInputException if the members' answers differ in form, or the file is not one of
   *     this ensemble or cannot be written
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
    state = new EnsembleState(members.stream().map(ModelSlot::name).toList(), file);
    context.metrics().gauge("online.accuracy", name, state::accuracy);
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
    return combined((model, end) -> model.rows(nodes, end), nodes.length, deadline);
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
    double[] weights = state.weights();
    BitSet chosen = policy.choose(weights, ThreadLocalRandom.current());
    try (MemberAnswers all = new MemberAnswers(members.size(), numNodes)) {
      chosen.stream().forEach(i -> all.ask(i, members.get(i), asking, deadline));
      all.await(end);
      List<String> used = new ArrayList<>();
      for (int i = 0; i < members.size(); i++) {
        if (all.isComplete(i)) {
          used.add(members.get(i).name());
        }
      }
      if (used.isEmpty()) {
        throw all.failure();
      }
      long readyAt = System.nanoTime();
      List<float[]> rows = all.combined(weights, shape.numClasses());
      return new Answer(version(), used, drawn(chosen, weights, rows), rows, readyAt);
    }
  }

  /** Keeps the answer of a model that was drawn, so that it can be judged. */
  private Optional<String> drawn(BitSet chosen, double[] weights, List<float[]> rows) {
    if (policy != SelectionPolicy.EXP3) {
      return Optional.empty();
    }
    int model = chosen.nextSetBit(0);
    return Optional.of(
        drawn.keep(new DrawnAnswers.Drawn(model, policy.chances(weights)[model], classes(rows))));
  }

  private int[] classes(List<float[]> rows) {
    return rows.stream().mapToInt(row -> AnswerRows.best(row, shape.numClasses())).toArray();
  }

  /**
   * Learns from the true classes of some nodes: each model is asked for them, and loses where it is
   * wrong. A model that does not answer in time is left out.
   *
   * @param id of the client's own choice; feedback with an id that was counted changes nothing
   * @param deadline by {@link System#nanoTime}
   * @return the weights
   * @throws RequestException 400 with {@link SelectionPolicy#EXP3}; as {@link #predict} if no model
   *     answers
   */
  public double[] feedback(Optional<String> id, int[] nodes, int[] labels, long deadline) {
    if (policy == SelectionPolicy.EXP3) {
      throw RequestException.bad("feedback to exp3 must name the draw that its answer bears");
    }
    if (id.isPresent() && !state.take(id.get())) {
      return state.weights();
    }
    try {
      return learn(nodes, labels, deadline);
    } catch (RuntimeException e) { // it may be sent again
      id.ifPresent(state::giveBack);
      throw e;
    }
  }

  private double[] learn(int[] nodes, int[] labels, long deadline) {
    double[] certain = policy.chances(state.weights());
    try (MemberAnswers all = new MemberAnswers(members.size(), nodes.length)) {
      for (int i = 0; i < members.size(); i++) {
        all.ask(i, members.get(i), (model, end) -> model.rows(nodes, end), deadline);
      }
      all.await(deadline);
      if (!all.anyComplete()) {
        throw all.failure();
      }
      int[] together = classes(all.combined(state.weights(), shape.numClasses()));
      int right = 0;
      for (int n = 0; n < nodes.length; n++) {
        double[] losses = new double[members.size()];
        for (int i = 0; i < losses.length; i++) {
          losses[i] =
              all.isComplete(i)
                  ? loss(AnswerRows.best(all.row(i, n), shape.numClasses()), labels[n])
                  : Double.NaN;
        }
        state.learn(losses, certain, policy.eta());
        right += together[n] == labels[n] ? 1 : 0;
      }
      return state.judged(right, nodes.length);
    }
  }

  /**
   * Learns from the true classes of an answer whose model was drawn: one loss, the share of nodes
   * where it was wrong. An answer is judged once.
   *
   * @param draw the id that the answer bears
   * @param labels one for each of its nodes
   * @return the weights
   * @throws RequestException 400 if there is no such answer, or it has other nodes
   */
  public double[] feedback(String draw, int[] labels) {
    DrawnAnswers.Drawn answer = drawn.find(draw).orElseThrow(() -> noSuchDraw(draw));
    int numNodes = answer.classes().length;
    if (labels.length != numNodes || numNodes == 0) {
      throw RequestException.of(
          400, "feedback needs a class per node", "nodes", numNodes, "labels", labels.length);
    }
    if (!drawn.take(draw)) {
      throw noSuchDraw(draw);
    }
    int wrong = 0;
    for (int n = 0; n < numNodes; n++) {
      wrong += answer.classes()[n] == labels[n] ? 0 : 1;
    }
    double[] losses = new double[members.size()];
    Arrays.fill(losses, Double.NaN);
    losses[answer.model()] = (double) wrong / numNodes;
    double[] chances = new double[members.size()];
    chances[answer.model()] = answer.chance();
    state.learn(losses, chances, policy.eta());
    return state.judged(numNodes - wrong, numNodes);
  }

  private static RequestException noSuchDraw(String draw) {
    return RequestException.of(
        400, "no such draw, or it is judged already, or too old", "draw", draw);
  }

  private static double loss(int predicted, int label) {
    return predicted == label ? 0 : 1;
  }

  @Override
  public void close() {}
}
