package io.millrace.datasets.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.Expect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Descriptions that are small as text and large, or without end, when they are read. */
class YamlFieldsTest {
  @TempDir Path folder;

  private YamlFields load(String text) throws IOException {
    return YamlFields.load(Files.writeString(folder.resolve("metadata.yaml"), text));
  }

  private void rejects(String text, String... parts) {
    Expect.badInput(() -> load(text), parts);
  }

  @Test
  void refusesToRepeatListsByAliases() {
    StringBuilder laughs = new StringBuilder("a0: &a0 [lol, lol]\n");
    for (int i = 1; i < 40; i++) {
      laughs.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    rejects(laughs.toString(), "not valid YAML: file=" + folder.resolve("metadata.yaml"));
    rejects("a: &a [*a]\n", "not valid YAML: file=");
  }

  @Test
  void readsValuesByAliases() throws IOException {
    assertEquals("numpy", load("a: &a numpy\nb: *a\n").text("b"));
  }

  @Test
  void refusesToNestDeeply() throws IOException {
    for (String start : new String[] {"a: [", "a: {a: "}) {
      rejects(
          start + start.substring(3).repeat(1000), "description is nested too deeply", "max=64");
    }
    rejects("- ".repeat(1000) + "x", "description is nested too deeply: file=", "depth=65");
    assertTrue(load("{a: ".repeat(60) + "1" + "}".repeat(60)).has("a"));
  }

  @Test
  void refusesLongFiles() {
    rejects("a: " + "x".repeat(1 << 20), "description is too long: file=", "max=524288");
  }

  @Test
  void aTextIsNoListAndAPathNoText() throws IOException {
    YamlFields fields = load("a: [1, 2]\nb: {c: d}\npath: \"x\\0y\"\n");
    Expect.badInput(() -> fields.text("a"), "wrong value in description: file=", "need=a text");
    Expect.badInput(() -> fields.text("b"), "key=b, value={c=d}, need=a text");
    Expect.badInput(() -> fields.path("path", folder), "key=path, value=x\\x00y, need=a path");
  }
}
