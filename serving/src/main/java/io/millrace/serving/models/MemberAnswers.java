package io.millrace.serving.models;

import io.millrace.serving.protocol.RequestException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/**
 * What the members of an ensemble answer to one request. Uses their versions until {@link #close}.
 * One thread.
 */
final class MemberAnswers implements AutoCloseable {
  private final List<List<CompletableFuture<float[]>>> answers = new ArrayList<>();
  private final List<ServedModel> versions = new ArrayList<>();
  private final BitSet asked = new BitSet();
  private final BitSet complete = new BitSet();
  private final int numNodes;
  private RequestException failure = RequestException.expired();

  MemberAnswers(int numMembers, int numNodes) {
    this.numNodes = numNodes;
    for (int i = 0; i < numMembers; i++) {
      answers.add(List.of());
    }
  }

  /** Asks the version of a member that answers now. */
  void ask(
      int member,
      ModelSlot slot,
      BiFunction<ServedModel, Long, List<CompletableFuture<float[]>>> asking,
      long deadline) {
    try {
      ask(member, slot.acquire(), asking, deadline);
    } catch (RequestException e) { // the others may have time
      failure = e;
    }
  }

  /**
   * Asks a member.
   *
   * @param model that was acquired; it is released by {@link #close}
   */
  void ask(
      int member,
      ServedModel model,
      BiFunction<ServedModel, Long, List<CompletableFuture<float[]>>> asking,
      long deadline) {
    versions.add(model);
    try {
      answers.set(member, asking.apply(model, deadline));
      asked.set(member);
    } catch (RequestException e) { // the others may have time
      failure = e;
    }
  }

  /** Waits until all have answered, or the time is over. */
  void await(long end) {
    for (List<CompletableFuture<float[]>> member : answers) {
      for (CompletableFuture<float[]> answer : member) {
        try {
          Waiting.row(answer, end);
        } catch (RequestException e) {
          failure = e;
        }
      }
    }
    asked.stream().filter(this::isDone).forEach(complete::set);
  }

  private boolean isDone(int member) {
    return answers.get(member).stream()
        .allMatch(it -> it.isDone() && !it.isCompletedExceptionally());
  }

  /** Whether a member had answered for all nodes when {@link #await} ended. */
  boolean isComplete(int member) {
    return complete.get(member);
  }

  boolean anyComplete() {
    return !complete.isEmpty();
  }

  /** What a member that is complete says about a node. */
  float[] row(int member, int node) {
    return answers.get(member).get(node).join();
  }

  /** The mean of the probabilities of the members that are complete, by their weights. */
  List<float[]> combined(double[] weights, int numClasses) {
    List<float[]> rows = new ArrayList<>();
    int[] used = complete.stream().toArray();
    double total = Arrays.stream(used).mapToDouble(i -> weights[i]).sum();
    for (int n = 0; n < numNodes; n++) {
      double[] sum = new double[numClasses];
      for (int i : used) {
        float[] row = row(i, n);
        for (int c = 0; c < numClasses; c++) {
          sum[c] += weights[i] / total * row[c];
        }
      }
      float[] mean = new float[numClasses];
      for (int c = 0; c < numClasses; c++) {
        mean[c] = (float) sum[c];
      }
      rows.add(mean);
    }
    return rows;
  }

  /** Lets the versions go; rows that are complete stay. */
  @Override
  public void close() {
    versions.forEach(ServedModel::release);
  }

  RequestException failure() {
    return failure;
  }
}
