package io.millrace.training.loss;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;

/** The nodes of a split, of which at least one has a label. Stateless. */
@Internal
public final class LabelledNodes {
  private LabelledNodes() {}

  /**
   * The nodes of a split.
   *
   * @throws BadInputException if there is no such split, none of its nodes has a label, or a label
   *     is not one of the dataset's classes
   */
  public static int[] of(GraphDataset data, Split split) {
    NodeLabels labels = data.labels();
    int[] nodes = data.nodes(split);
    int numLabelled = 0;
    for (int node : nodes) {
      requireInRange(data, node);
      numLabelled += labels.isLabelled(node) ? 1 : 0;
    }
    if (numLabelled == 0) {
      throw BadInputException.of(
          nodes.length == 0 ? "split has no nodes" : "split has no node with a label",
          "dataset",
          data.name(),
          "split",
          split.fileName());
    }
    return nodes;
  }

  private static void requireInRange(GraphDataset data, int node) {
    NodeLabels labels = data.labels();
    if (labels.isTargets()) {
      return; // any number is one
    }
    int max = labels.isMultiLabel() ? 1 : labels.numClasses() - 1;
    int columns = labels.isMultiLabel() ? labels.numClasses() : 1;
    for (int column = 0; column < columns; column++) {
      int label = labels.isMultiLabel() ? labels.get(node, column) : labels.get(node);
      if (label < NodeLabels.UNLABELLED || label > max) {
        throw BadInputException.of(
            "label out of range",
            "dataset",
            data.name(),
            "node",
            node,
            "label",
            label,
            "numClasses",
            labels.numClasses());
      }
    }
  }

  /**
   * Checks that R2 is defined: a target has two different values.
   *
   * @throws BadInputException if not
   */
  public static void requireSpread(GraphDataset data, Split split) {
    NodeLabels targets = data.labels();
    for (int column = 0; column < targets.numClasses(); column++) {
      float first = Float.NaN;
      for (int node : data.nodes(split)) {
        float value = targets.target(node, column);
        if (value < first || value > first) { // neither with a NaN
          return;
        }
        first = Float.isNaN(value) ? first : value;
      }
    }
    throw BadInputException.of(
        "R2 needs two different values of a target, choose another metric",
        "dataset",
        data.name(),
        "split",
        split.fileName());
  }

  /**
   * Checks that ROC AUC is defined: both answers occur, for two classes or for at least one label.
   *
   * @throws BadInputException if not
   */
  public static void requireBothAnswers(GraphDataset data, Split split) {
    NodeLabels labels = data.labels();
    int[] nodes = data.nodes(split);
    for (int column = 0; column < labels.numClasses(); column++) {
      boolean yes = false;
      boolean no = false;
      for (int node : nodes) {
        yes |= labels.get(node, column) == 1;
        no |= labels.get(node, column) == 0;
      }
      if (yes && no) {
        return;
      }
    }
    throw BadInputException.of(
        "ROC AUC needs nodes of both answers", "dataset", data.name(), "split", split.fileName());
  }
}
