package io.millrace.training.metrics;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import ai.djl.ndarray.NDArray;
import io.millrace.Internal;
import io.millrace.datasets.NodeLabels;
import java.lang.foreign.MemorySegment;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * {@link Scores} of nodes that can have several labels: a node is predicted to have a label if the
 * logit is above 0. ROC AUC is the mean over the labels that have both answers, as OGB's evaluator
 * of ogbn-proteins does it.
 */
final class MultiLabelScores extends Scores {
  private final int numLabels;
  private final ClassCounts counts;
  private final List<RocAuc> rocAucs; // one per label, or none
  private long numCorrect;
  private long numAnswers;
  private long numNodes;

  /**
   * @param all whether ROC AUC is asked for
   */
  MultiLabelScores(int numLabels, boolean all, Optional<Metric> own) {
    super(own);
    this.numLabels = numLabels;
    counts = new ClassCounts(numLabels);
    rocAucs = Stream.generate(RocAuc::new).limit(all ? numLabels : 0).toList();
  }

  @Override
  void count(NDArray logits, MemorySegment labels) {
    float[] values = logits.toFloatArray();
    long before = numAnswers;
    for (int i = 0; i < values.length; i++) {
      int answer = labels.get(JAVA_BYTE, i);
      if (answer != NodeLabels.UNLABELLED) {
        add(i % numLabels, answer == 1, values[i]);
      }
      if ((i + 1) % numLabels == 0) {
        numNodes += numAnswers > before ? 1 : 0;
        before = numAnswers;
      }
    }
  }

  private void add(int label, boolean has, float logit) {
    boolean predicted = logit > 0;
    numAnswers++;
    numCorrect += has == predicted ? 1 : 0;
    counts.add(label, has, predicted);
    if (!rocAucs.isEmpty()) {
      rocAucs.get(label).add(logit, has);
    }
  }

  @Override
  float[] answers(MemorySegment labels, int row) {
    float[] answers = new float[numLabels];
    boolean known = false;
    for (int label = 0; label < numLabels; label++) {
      int answer = labels.get(JAVA_BYTE, (long) row * numLabels + label);
      answers[label] = answer == NodeLabels.UNLABELLED ? Float.NaN : answer;
      known |= answer != NodeLabels.UNLABELLED;
    }
    return known ? answers : UNKNOWN;
  }

  @Override
  void save(LongStream.Builder saved) {
    saved.add(numCorrect).add(numAnswers).add(numNodes);
    counts.save(saved);
  }

  @Override
  @Internal
  public void restore(Iterator<Long> saved) {
    numCorrect = saved.next();
    numAnswers = saved.next();
    numNodes = saved.next();
    counts.restore(saved);
  }

  @Override
  Evaluation figures() {
    OptionalDouble rocAuc =
        rocAucs.stream().map(RocAuc::value).flatMapToDouble(OptionalDouble::stream).average();
    return new Evaluation(
        numCorrect / (double) Math.max(1, numAnswers),
        counts.f1Micro(),
        counts.f1Macro(),
        rocAuc,
        loss(),
        numNodes,
        Optional.empty());
  }
}
