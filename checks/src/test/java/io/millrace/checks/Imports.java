package io.millrace.checks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Holds compiled classes to their module's {@link Layer}: in goes a folder of class files, out come
 * sentences, one for each class and package that is not in the row.
 *
 * <p>A class file names other classes as class constants and, for what is only a parameter, a
 * result, a type argument or an annotation, inside descriptors and signatures, which are text
 * constants. Both are read.
 */
final class Imports {
  private static final Pattern TYPE_IN_DESCRIPTOR = Pattern.compile("L((?:\\w+/)+)[\\w$]+[;<.]");

  private static final Pattern PACKAGE_LINE = Pattern.compile("(?m)^package ([\\w.]+);");
  private static final Pattern IMPORT_LINE =
      Pattern.compile("(?m)^import (?:static )?([a-z]\\w*(?:\\.[a-z]\\w*)*)\\.([A-Z]\\w*)");

  private Imports() {}

  static List<String> violations(Path classes, Layer layer) throws IOException {
    try (Stream<Path> files = Files.walk(classes)) {
      return files
          .filter(file -> file.toString().endsWith(".class"))
          .flatMap(file -> violations(parse(file), layer).stream())
          .sorted()
          .toList();
    }
  }

  /**
   * The same of the import lines of sources: a class file does not name what only a link in Javadoc
   * uses.
   */
  static List<String> sourceViolations(Path sources, Layer layer) throws IOException {
    try (Stream<Path> files = Files.walk(sources)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .flatMap(file -> sourceViolations(read(file), layer).stream())
          .sorted()
          .toList();
    }
  }

  static List<String> sourceViolations(String source, Layer layer) {
    Matcher ownPackage = PACKAGE_LINE.matcher(source);
    if (!ownPackage.find()) {
      return List.of("a source of " + layer.module() + " is in no package");
    }
    String own = ownPackage.group(1);
    return IMPORT_LINE
        .matcher(source)
        .results()
        .filter(line -> !allowed(own, line.group(1), layer))
        .map(
            line ->
                "a source of "
                    + own
                    + " imports "
                    + line.group(1)
                    + "."
                    + line.group(2)
                    + ", which "
                    + importer(own, line.group(1), layer)
                    + " may not import")
        .toList();
  }

  static List<String> violations(ClassModel model, Layer layer) {
    String name = model.thisClass().asInternalName().replace('/', '.');
    String own = name.substring(0, Math.max(0, name.lastIndexOf('.')));
    if (!layer.packages().contains(own)) {
      return List.of(name + " is not in a package of " + layer.module() + " " + layer.packages());
    }
    return packagesOf(model).stream()
        .filter(used -> !allowed(own, used, layer))
        .map(
            used ->
                name
                    + " uses "
                    + used
                    + ", which "
                    + importer(own, used, layer)
                    + " may not import")
        .toList();
  }

  /** Who must not import it: a package of its own module, or the module as a whole. */
  private static String importer(String own, String used, Layer layer) {
    return layer.packages().contains(used) ? own : layer.module();
  }

  private static boolean allowed(String own, String used, Layer layer) {
    if (used.startsWith("java.") || used.startsWith("javax.")) {
      return true;
    }
    if ((used + ".").startsWith("io.millrace.")) {
      return layer.packages().contains(used)
          ? layer.below(own).contains(used)
          : layer.mayImport(used);
    }
    return layer.libraries().stream().anyMatch(l -> used.equals(l) || used.startsWith(l + "."));
  }

  static Set<String> packagesOf(ClassModel model) {
    Set<String> packages = new TreeSet<>();
    for (PoolEntry entry : model.constantPool()) {
      switch (entry) {
        case ClassEntry type -> {
          String name = type.asInternalName();
          if (!name.startsWith("[") && name.indexOf('/') > 0) {
            packages.add(name.substring(0, name.lastIndexOf('/')).replace('/', '.'));
          }
        }
        case Utf8Entry text -> {
          Matcher types = TYPE_IN_DESCRIPTOR.matcher(text.stringValue());
          while (types.find()) {
            String path = types.group(1);
            packages.add(path.substring(0, path.length() - 1).replace('/', '.'));
          }
        }
        default -> {}
      }
    }
    return packages;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ClassModel parse(Path file) {
    try {
      return ClassFile.of().parse(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
