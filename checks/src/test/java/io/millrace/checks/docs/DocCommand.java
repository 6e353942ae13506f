package io.millrace.checks.docs;

import io.millrace.cli.CommandRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code ./millrace} line of a page, run in this JVM. Relative paths are resolved against a
 * folder that stands for the reader's working directory.
 */
record DocCommand(List<String> arguments) {
  static final String PREFIX = "./millrace";

  private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

  /** Paths in the pages have a folder, or one of these endings. */
  private static final Pattern PATH =
      Pattern.compile(
          "[a-z][\\w.-]*/\\S*|\\S+\\.(csv|txt|gz|parquet|npy|npz|jsonl?|svg|html|safetensors"
              + "|yaml)");

  static DocCommand parse(String line) {
    if (!line.equals(PREFIX) && !line.startsWith(PREFIX + " ")) {
      throw new AssertionError("only lines of " + PREFIX + " can be run: " + line);
    }
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(line.substring(PREFIX.length()));
    while (matcher.find()) {
      for (int group = 1; group <= 3; group++) {
        if (matcher.group(group) != null) {
          words.add(matcher.group(group));
        }
      }
    }
    return new DocCommand(words);
  }

  CommandRun runIn(Path folder) {
    return CommandRun.of(arguments.stream().map(word -> resolved(word, folder)).toArray());
  }

  /** Checks names and values of the options and runs nothing: {@code --help} only prints. */
  CommandRun parseOnly() {
    List<String> words = new ArrayList<>(arguments);
    words.add("--help");
    return CommandRun.of(words.toArray());
  }

  private static String resolved(String word, Path folder) {
    return PATH.matcher(word).matches() ? folder.resolve(word).toString() : word;
  }
}
