package io.millrace.checks.fuzz;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A subject with one or two of its files damaged; a function of its number alone.
 *
 * @param what which files, and how
 */
record Mutant(Subject subject, Folder folder, String what) {

  static Mutant of(long number, List<Subject> subjects) throws IOException {
    SplittableRandom random = new SplittableRandom(number);
    Subject subject = subject(number, subjects);
    Mutant mutant = new Mutant(subject, subject.folder(), subject.name());
    mutant = mutant.damaged(random);
    boolean again = random.nextInt(4) == 0 && !subject.sealed() && !mutant.folder.files().isEmpty();
    return again ? mutant.damaged(random) : mutant;
  }

  /** The one that a number damages. */
  static Subject subject(long number, List<Subject> subjects) {
    return subjects.get((int) (number % subjects.size()));
  }

  private Mutant damaged(SplittableRandom random) throws IOException {
    List<String> paths = new ArrayList<>(folder.files().keySet());
    String path = paths.get(random.nextInt(paths.size()));
    byte[] bytes = folder.files().get(path);
    switch (random.nextInt(40)) {
      case 0 -> {
        return new Mutant(subject, folder.without(path), what + ", missing " + path);
      }
      case 1 -> {
        return new Mutant(
            subject, folder.without(path).with(path + "/", new byte[0]), what + ", folder " + path);
      }
      case 2 -> {
        String other = paths.get(random.nextInt(paths.size()));
        Folder swapped = folder.with(path, folder.files().get(other)).with(other, bytes);
        return new Mutant(subject, swapped, what + ", " + path + " and " + other + " swapped");
      }
      default -> {
        Mutation mutation = Mutation.values()[random.nextInt(Mutation.values().length)];
        boolean inside = random.nextBoolean();
        byte[] changed =
            inside ? inside(path, bytes, mutation, random) : mutation.of(bytes, random);
        return new Mutant(
            subject,
            folder.with(path, changed),
            what + ", " + path + " " + mutation + (inside ? " inside" : ""));
      }
    }
  }

  private static byte[] inside(
      String path, byte[] bytes, Mutation mutation, SplittableRandom random) throws IOException {
    try {
      int which = random.nextInt(1 << 10);
      return Packing.change(path, bytes, which, content -> mutation.of(content, random));
    } catch (IOException | RuntimeException _) {
      return mutation.of(bytes, random); // damaged before: it cannot be unpacked any more
    }
  }
}
