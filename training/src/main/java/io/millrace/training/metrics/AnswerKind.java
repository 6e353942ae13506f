package io.millrace.training.metrics;

import io.millrace.Internal;
import io.millrace.datasets.NodeLabels;

/** What a model's output is compared with: it decides which losses and metrics fit. */
public enum AnswerKind {
  /** One class per node: the output has a logit for each class. */
  CLASSES("classes of nodes"),
  /** Several labels per node: the output has a logit for each label. */
  LABELS("several labels"),
  /** Numbers: the output has one for each target. */
  TARGETS("targets"),
  /** Pairs of nodes, linked or not: the output is an embedding. */
  LINKS("links");

  private final String title;

  AnswerKind(String title) {
    this.title = title;
  }

  /** The name in a sentence. */
  public String title() {
    return title;
  }

  /** What these labels are. */
  @Internal
  public static AnswerKind of(NodeLabels labels) {
    if (labels.isTargets()) {
      return TARGETS;
    }
    return labels.isMultiLabel() ? LABELS : CLASSES;
  }
}
