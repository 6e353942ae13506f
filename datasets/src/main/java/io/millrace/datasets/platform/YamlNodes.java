package io.millrace.datasets.platform;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.nio.file.Path;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A YAML file as nodes that know their lines, for files that people write: each error names file
 * and line. Immutable.
 *
 * @param root of the file; empty if it has nothing
 */
@Internal
public record YamlNodes(Path file, Optional<Node> root) {
  /**
   * Reads a file.
   *
   * @throws BadInputException if it is no YAML, too long or too deep, or names a key twice
   */
  public static YamlNodes read(Path file) {
    String text = YamlFields.read(file);
    YamlFields.of(file, text); // what it refuses
    return new YamlNodes(file, new Compose(LoadSettings.builder().build()).composeString(text));
  }

  /** From 1. */
  public static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }

  /** In words. */
  public static String kind(Node node) {
    return switch (node) {
      case MappingNode _ -> "a mapping";
      case SequenceNode _ -> "a list";
      default -> "a value";
    };
  }

  /**
   * The text of a single value.
   *
   * @param what it is, for messages
   */
  public String scalar(Node node, String what) {
    if (node instanceof ScalarNode value) {
      return value(value);
    }
    throw wrong(node, "a " + what + " is a number or a text", "found", kind(node));
  }

  /** The text of a value. */
  public String value(ScalarNode node) {
    if (node.getValue().isEmpty() || node.getValue().equals("null")) {
      throw wrong(node, "a value is missing");
    }
    return node.getValue();
  }

  /** The error that a node is wrong. */
  public BadInputException wrong(Node node, String rule, Object... more) {
    return wrong(file, line(node), rule, more);
  }

  /** The error that a line of a file is wrong. */
  public static BadInputException wrong(Path file, int line, String rule, Object... more) {
    Object[] all = new Object[more.length + 4];
    all[0] = "file";
    all[1] = file;
    all[2] = "line";
    all[3] = line;
    System.arraycopy(more, 0, all, 4, more.length);
    return BadInputException.of(rule, all);
  }
}
