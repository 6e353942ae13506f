package io.millrace.datasets.formats.edgelist;

import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.formats.ClassLabel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The label column of a node table: whole numbers are the classes, or text is the name of a class.
 * Class names are numbered alphabetically, so that the order of the rows does not matter. An empty
 * field, nan, -1 and the words of {@link LabelOptions} mean unlabelled.
 */
final class TableLabels {
  /** More names than this are taken for a mistake in the data. */
  static final int MAX_NAMES = 10_000;

  private static final int MAX_NAME_LENGTH = 200;
  private static final int MAX_NAME_BYTES = 1 << 16;

  private final int column;
  private final LabelKind kind;
  private final Set<String> unlabelled;
  private final Map<String, Integer> found = new TreeMap<>();
  private final IntStream.Builder labels = IntStream.builder();
  private final Map<String, Integer> names = new TreeMap<>();
  private boolean numbers;
  private long nameBytes;

  TableLabels(int column, LabelOptions options) {
    this.column = column;
    kind = options.kind();
    unlabelled =
        options.unlabelled().isEmpty()
            ? TableWords.unlabelled()
            : TableWords.unlabelled(options.unlabelled());
  }

  /** Reads the label of the next node. */
  void add(TableReader rows) {
    labels.add(isLabelled(rows) ? label(rows) : NodeLabels.UNLABELLED);
  }

  private boolean isLabelled(TableReader rows) {
    String text = rows.text(column);
    if (unlabelled.contains(TableWords.lower(text))) {
      if (!text.isBlank()) {
        found.merge(text.strip(), 1, Integer::sum);
      }
      return false;
    }
    return !text.startsWith("-1") || !rows.isNumber(column) || rows.number(column) != -1;
  }

  /** Which words were taken for "no label", and how often; empty if none was. */
  Optional<String> unlabelledWords() {
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "taken for no label: "
                + found.entrySet().stream()
                    .map(word -> word.getKey() + " (" + word.getValue() + ")")
                    .collect(Collectors.joining(", ")));
  }

  private int label(TableReader rows) {
    Integer known = names.get(rows.text(column));
    if (known != null) {
      return known;
    }
    boolean number = kind != LabelKind.NAMES && rows.isNumber(column);
    boolean first = !numbers && names.isEmpty();
    numbers = numbers || first && (number || kind == LabelKind.NUMBERS);
    if (kind == LabelKind.AUTO && number != numbers) {
      throw rows.errorAt(
          column,
          "labels are numbers and text: --unlabelled WORD for no label, --labels names for classes",
          "value",
          rows.text(column));
    }
    return numbers
        ? ClassLabel.of(
            rows.number(column),
            NodeLabels.MAX_CLASSES - 1,
            (rule, values) -> rows.errorAt(column, rule, values))
        : name(rows);
  }

  /**
   * The class of a new name, numbered by first appearance; {@link #labels} renumbers the classes.
   */
  private int name(TableReader rows) {
    String name = rows.text(column);
    if (name.length() > MAX_NAME_LENGTH) {
      throw rows.errorAt(
          column, "class name is too long", "length", name.length(), "max", MAX_NAME_LENGTH);
    }
    names.put(name, names.size());
    if (names.size() > MAX_NAMES) {
      throw rows.errorAt(column, "too many class names", "max", MAX_NAMES);
    }
    nameBytes += name.getBytes(StandardCharsets.UTF_8).length;
    if (nameBytes > MAX_NAME_BYTES) {
      throw rows.errorAt(column, "class names are too long in total", "maxBytes", MAX_NAME_BYTES);
    }
    return names.size() - 1;
  }

  /** All labels, {@code [numNodes]}. */
  NodeLabels labels() {
    if (names.isEmpty()) {
      return NodeLabels.of(labels.build().toArray());
    }
    List<String> sorted = new ArrayList<>(names.keySet());
    int[] place = new int[sorted.size()];
    for (int label = 0; label < place.length; label++) {
      place[names.get(sorted.get(label))] = label;
    }
    int[] values =
        labels
            .build()
            .map(label -> label == NodeLabels.UNLABELLED ? label : place[label])
            .toArray();
    return NodeLabels.of(place.length, values).withClassNames(sorted);
  }
}
