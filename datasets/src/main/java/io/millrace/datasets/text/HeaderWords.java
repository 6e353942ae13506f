package io.millrace.datasets.text;

import io.millrace.Internal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The names that columns of graphs usually have. Stateless. */
@Internal
public final class HeaderWords {
  /** Source and destination of an edge; the first pair that a header has counts. */
  private static final List<List<String>> ENDS =
      List.of(
          List.of("source", "target"),
          List.of("source", "destination"),
          List.of("source", "dest"),
          List.of("src", "dst"),
          List.of("src", "dest"),
          List.of("src", "target"),
          List.of("from", "to"),
          List.of("start", "end"),
          List.of("head", "tail"),
          List.of("subject", "object"),
          List.of("citing", "cited"),
          List.of("follower", "followee"),
          List.of("sender", "receiver"),
          List.of("u", "v"));

  private static final Set<String> OTHERS =
      Set.of(
          "id",
          "node",
          "vertex",
          "edge",
          "user",
          "item",
          "label",
          "class",
          "weight",
          "time",
          "timestamp",
          "date",
          "type",
          "name",
          "relation",
          "feature",
          "split",
          "value",
          "rating",
          "count",
          "year",
          "creation");

  /** All of them. */
  private static final Set<String> KNOWN =
      Stream.concat(OTHERS.stream(), ENDS.stream().flatMap(List::stream))
          .collect(Collectors.toUnmodifiableSet());

  /** What separates the words of a name. */
  private static final Pattern BETWEEN_WORDS =
      Pattern.compile("[^\\p{L}\\p{N}]+|(?<=\\p{Ll})(?=\\p{Lu})");

  /** Parts of a name that do not say which end of an edge it is. */
  private static final Set<String> NEUTRAL = Set.of("id", "node", "vertex", "user", "name");

  private HeaderWords() {}

  /**
   * Whether all words of a name are known ones: {@code source}, {@code edge_type}, {@code nodeId}.
   */
  static boolean isKnown(String name) {
    List<String> words = words(name);
    return !words.isEmpty() && KNOWN.containsAll(words);
  }

  /** The indexes of source and destination, if the header names both and each once. */
  public static Optional<List<Integer>> ends(List<String> header) {
    List<String> names =
        header.stream()
            .map(
                name ->
                    String.join(
                        " ", words(name).stream().filter(w -> !NEUTRAL.contains(w)).toList()))
            .toList();
    return ENDS.stream()
        .map(ends -> ends.stream().flatMap(end -> only(names, end)).toList())
        .filter(found -> found.size() == 2)
        .findFirst();
  }

  private static Stream<Integer> only(List<String> names, String name) {
    List<Integer> found =
        IntStream.range(0, names.size()).filter(i -> names.get(i).equals(name)).boxed().toList();
    return found.size() == 1 ? found.stream() : Stream.empty();
  }

  /** {@code FromNodeId}, {@code from_node_id} and {@code :FROM-NODE-ID} are from, node, id. */
  private static List<String> words(String name) {
    List<String> words = new ArrayList<>(2);
    for (String word : BETWEEN_WORDS.split(name)) {
      if (!word.isEmpty()) {
        words.add(word.toLowerCase(Locale.ROOT));
      }
    }
    return words;
  }
}
