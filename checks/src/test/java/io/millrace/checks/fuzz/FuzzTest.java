package io.millrace.checks.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Damaged files of the kinds that {@link Subjects} names; the damage is in {@link Mutation}, what
 * must hold in {@link Watch}. A mutant is a function of its number, which a failure names; {@code
 * -Dmutant=NUMBER} tries that one only, {@code -Dmutants=NUMBER} so many, and {@code -Dkind=REGEX}
 * the many of the kinds whose names contain it.
 */
class FuzzTest {
  private static final int FEW = 60;
  private static final int MANY = Integer.getInteger("mutants", 6_000);

  @TempDir(factory = InMemory.class)
  static Path folder;

  private static List<Subject> subjects;

  @BeforeAll
  static void makeTheSubjects() throws Exception {
    subjects = Subjects.all(Files.createDirectory(folder.resolve("subjects")));
  }

  @Test
  void subjectsAreReadWhenTheyAreWhole() throws Exception {
    try (Watch watch = new Watch(Files.createDirectory(folder.resolve("whole")))) {
      for (Subject subject : subjects) {
        Mutant whole = new Mutant(subject, subject.folder(), "whole");
        assertEquals(Optional.empty(), watch.read(whole), subject.name());
      }
    }
  }

  @Test
  void mutantsAreReadOrRefused() throws Exception {
    Long one = Long.getLong("mutant");
    long refused = tryOut("few", one == null ? LongStream.range(0, FEW) : LongStream.of(one));
    System.out.println(
        "mutants tried: "
            + (one == null ? FEW : 1)
            + ", refused: "
            + refused
            + ", of files of "
            + subjects.size()
            + " kinds");
  }

  @Test
  @Tag("exhaustive")
  void manyMutantsAreReadOrRefused() throws Exception {
    String kind = System.getProperty("kind", "");
    long[] numbers =
        LongStream.range(0, MANY)
            .filter(it -> Mutant.subject(it, subjects).name().matches(".*(" + kind + ").*"))
            .toArray();
    long refused = tryOut("many", LongStream.of(numbers));
    System.out.println("mutants tried: " + numbers.length + ", refused: " + refused);
    assertTrue(
        refused > numbers.length / 2 || !kind.isEmpty(),
        "the damage is too little: refused=" + refused);
  }

  /** Readers that go down by recursion must stop before their stack ends. */
  @Test
  void nestedTextIsReadOrRefused() throws Exception {
    int tried = 0;
    try (Watch watch = new Watch(Files.createDirectory(folder.resolve("nested")))) {
      for (Subject subject : subjects) {
        for (Map.Entry<String, byte[]> file : subject.folder().files().entrySet()) {
          for (byte[] nested : Nested.of(file.getKey(), file.getValue())) {
            Folder changed = subject.folder().with(file.getKey(), nested);
            try {
              watch.read(new Mutant(subject, changed, "nested"));
            } catch (Exception | Error e) {
              throw new AssertionError(subject.name() + ", " + file.getKey(), e);
            }
            tried++;
          }
        }
      }
    }
    System.out.println("nested texts tried: " + tried);
    assertTrue(tried > 40, "tried=" + tried);
  }

  private static long tryOut(String name, LongStream numbers) throws Exception {
    long refused = 0;
    try (Watch watch = new Watch(Files.createDirectory(folder.resolve(name)))) {
      for (long number : numbers.toArray()) {
        Mutant mutant = Mutant.of(number, subjects);
        try {
          refused += watch.read(mutant).isPresent() ? 1 : 0;
        } catch (Exception | Error e) {
          throw new AssertionError("mutant=" + number + ": " + mutant.what(), e);
        }
      }
    }
    return refused;
  }

  /** Where files are not forced to a disk, if the system has such a place. */
  private static final class InMemory implements TempDirFactory {
    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context)
        throws Exception {
      Path memory = Path.of("/dev/shm");
      return Files.isWritable(memory)
          ? Files.createTempDirectory(memory, "fuzz")
          : Files.createTempDirectory("fuzz");
    }
  }
}
