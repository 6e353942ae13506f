package io.millrace.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.junit.jupiter.api.Test;

/** Compares what the wrapper for Python calls with the methods that there are. */
class PySparkWrapperTest {
  private static final Path FILE = Path.of("src/main/python/millrace_spark.py");

  private static String source() throws IOException {
    return Files.readString(
        Files.exists(FILE) ? FILE : Path.of("spark").resolve(FILE)); // by module, or by project
  }

  private static Stream<String> found(String regex) throws IOException {
    return Pattern.compile(regex).matcher(source()).results().map(it -> it.group(1));
  }

  @Test
  void isShort() throws IOException {
    assertTrue(source().lines().count() < 100);
  }

  @Test
  void callsMethodsThatTheModelHas() throws IOException {
    List<String> called = found("_call_java\\(\"(\\w+)\"\\)").toList();
    assertEquals(List.of("summary", "numEpochs", "validMetric", "testMetric", "file"), called);
    for (String name : called) {
      assertTrue(
          Arrays.stream(MillraceModel.class.getMethods())
              .anyMatch(it -> it.getName().equals(name) && it.getParameterCount() == 0),
          name);
    }
  }

  @Test
  void writesTablesByAMethodThatThereIs() throws IOException, NoSuchMethodException {
    assertEquals(List.of("GraphTables"), found("_jvm\\.io\\.millrace\\.spark\\.(\\w+)").toList());
    MatchResult call =
        Pattern.compile("tables\\.(\\w+)\\((.*)\\)").matcher(source()).results().findFirst().get();
    assertEquals(4, call.group(2).split(", ").length);
    Method write =
        GraphTables.class.getMethod(
            call.group(1), Dataset.class, Dataset.class, String.class, boolean.class);
    assertTrue(Modifier.isStatic(write.getModifiers()));
    for (String name : found("made\\.(\\w+)\\(\\)").toList()) {
      assertEquals(0, write.getReturnType().getMethod(name).getParameterCount());
    }
  }

  @Test
  void namesClassesAndParametersThatThereAre() throws IOException, ReflectiveOperationException {
    String name = found("_new_java_obj\\(_JVM_PACKAGE \\+ \"\\.(\\w+)\"").toList().getFirst();
    String prefix = found("_JVM_PACKAGE = \"([\\w.]+)\"").toList().getFirst();
    Class<?> estimator = Class.forName(prefix + "." + name);
    MillraceClassifier made =
        (MillraceClassifier) estimator.getConstructor(String.class).newInstance("uid");
    for (String param : found("[( ](\\w+)=\"?[/\\w,]+\"?(?=[,)].*fit)").toList()) {
      assertTrue(made.hasParam(param), param);
    }
    for (String stage : found("\nclass (Millrace\\w+)\\(").toList()) {
      assertEquals(stage, Class.forName(prefix + "." + stage).getSimpleName());
    }
  }
}
