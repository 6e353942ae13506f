package io.millrace.datasets.formats.edgelist;

import java.util.List;

/**
 * How the labels of a node table are read. Immutable.
 *
 * @param kind what they are
 * @param unlabelled the words that mean "no label", in upper or lower case, in addition to empty,
 *     nan and -1, instead of the default list; an empty list = the default list (NA, N/A, None,
 *     null, nil, unknown, unlabelled, unlabeled, missing, undefined, ?, -)
 */
public record LabelOptions(LabelKind kind, List<String> unlabelled) {
  /** The kind is detected, and the default words mean "no label". */
  public static final LabelOptions DEFAULTS = new LabelOptions(LabelKind.AUTO, List.of());

  /** Copies the list. */
  public LabelOptions {
    unlabelled = List.copyOf(unlabelled);
  }
}
