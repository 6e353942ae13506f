package io.millrace.serving.models;

import io.millrace.serving.protocol.RequestException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/** What the members of an ensemble answer to one request. One thread. */
final class MemberAnswers {
  private final List<List<CompletableFuture<float[]>>> answers = new ArrayList<>();
  private final List<ServedModel> used = new ArrayList<>();
  private final BitSet asked = new BitSet();
  private final int numNodes;
  private RequestException failure = RequestException.expired();

  MemberAnswers(int numMembers, int numNodes) {
    this.numNodes = numNodes;
    for (int i = 0; i < numMembers; i++) {
      answers.add(List.of());
    }
  }

  void ask(
      int member,
      ModelSlot slot,
      BiFunction<ServedModel, Long, List<CompletableFuture<float[]>>> asking,
      long deadline) {
    try {
      ServedModel model = slot.acquire();
      used.add(model);
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
    used.forEach(ServedModel::release);
  }

  boolean isComplete(int member) {
    return asked.get(member)
        && answers.get(member).stream()
            .allMatch(it -> it.isDone() && !it.isCompletedExceptionally());
  }

  void addTo(List<float[]> rows, int member, double share) {
    for (int n = 0; n < numNodes; n++) {
      float[] row = answers.get(member).get(n).join();
      float[] sum = rows.get(n);
      for (int c = 0; c < sum.length; c++) {
        sum[c] += (float) (share * row[c]);
      }
    }
  }

  RequestException failure() {
    return failure;
  }
}
