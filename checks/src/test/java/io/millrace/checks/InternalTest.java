package io.millrace.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.Internal;
import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is public for siblings only is marked {@link Internal}; users' programs need none of it. */
class InternalTest {
  private static final Path ROOT =
      Path.of(System.getProperty("maven.multiModuleProjectDirectory", ".."));
  private static final String MARK = Internal.class.descriptorString();

  @Test
  void examplesAndUsersModelsUseNothingInternal() throws IOException {
    Set<String> internal = new TreeSet<>();
    for (Layer layer : Layer.ALL) {
      Path classes = ROOT.resolve(layer.module()).resolve("target/classes");
      assumeTrue(Files.isDirectory(classes) || layer.module().equals("checks"), "not compiled");
      for (ClassModel model : parsed(classes)) {
        if (isInternal(model)) {
          internal.add(model.thisClass().asInternalName());
        }
      }
    }
    assertTrue(internal.contains("io/millrace/training/nn/Network"), internal.toString());

    List<String> used = new ArrayList<>();
    for (ClassModel model : parsed(ROOT.resolve("checks/target/test-classes"))) {
      String user = model.thisClass().asInternalName();
      if (user.matches(
          "io/millrace/checks/docs/(Examples?|MeanMax|OwnLoop|OwnModelTest)(\\$.*)?")) {
        model
            .constantPool()
            .forEach(
                entry -> {
                  if (entry instanceof ClassEntry type
                      && internal.contains(type.asInternalName())) {
                    used.add(user + " uses " + type.asInternalName());
                  }
                });
      }
    }
    assertEquals(List.of(), used);
  }

  private static boolean isInternal(ClassModel model) {
    return model.findAttribute(Attributes.runtimeInvisibleAnnotations()).stream()
        .flatMap(it -> it.annotations().stream())
        .anyMatch(it -> it.className().equalsString(MARK));
  }

  private static List<ClassModel> parsed(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<ClassModel> models = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file :
          (Iterable<Path>) files.filter(f -> f.toString().endsWith(".class"))::iterator) {
        models.add(ClassFile.of().parse(file));
      }
    }
    return models;
  }
}
