package io.millrace.checks;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Holds a module's pom to its {@link Layer}: in goes the parsed pom, out come sentences, one for
 * each dependency, in a profile or not, that is not in the row.
 */
final class PomDependencies {
  private static final String OWN_PREFIX = "millrace-";

  private PomDependencies() {}

  static List<String> violations(Document pom, Layer layer) {
    List<String> violations = new ArrayList<>();
    NodeList dependencies = pom.getElementsByTagName("dependency");
    for (int i = 0; i < dependencies.getLength(); i++) {
      Element dependency = (Element) dependencies.item(i);
      String artifact = text(dependency, "artifactId");
      boolean test = text(dependency, "scope").equals("test");
      if (!allowed(artifact, layer, test)) {
        violations.add("the pom of " + layer.module() + " lists " + artifact + ", not in its row");
      }
    }
    return violations;
  }

  /** The artifact ids of all dependencies that the pom lists, in its order. */
  static List<String> artifacts(Document pom) {
    NodeList dependencies = pom.getElementsByTagName("dependency");
    return IntStream.range(0, dependencies.getLength())
        .mapToObj(i -> text((Element) dependencies.item(i), "artifactId"))
        .toList();
  }

  /** The artifact ids that a user of the module gets: neither optional, nor for tests. */
  static List<String> needed(Document pom) {
    NodeList dependencies = pom.getElementsByTagName("dependency");
    return IntStream.range(0, dependencies.getLength())
        .mapToObj(i -> (Element) dependencies.item(i))
        .filter(dependency -> !text(dependency, "optional").equals("true"))
        .filter(dependency -> !Set.of("test", "provided").contains(text(dependency, "scope")))
        .map(dependency -> text(dependency, "artifactId"))
        .toList();
  }

  private static boolean allowed(String artifact, Layer layer, boolean test) {
    Set<String> row = artifact.startsWith(OWN_PREFIX) ? layer.modules() : layer.artifacts();
    String name =
        artifact.startsWith(OWN_PREFIX)
            ? Layer.moduleOf(artifact.substring(OWN_PREFIX.length()))
            : artifact;
    return row.contains(name) || test && Layer.TEST_ARTIFACTS.contains(name);
  }

  private static String text(Element parent, String tag) {
    NodeList found = parent.getElementsByTagName(tag);
    return found.getLength() == 0 ? "" : found.item(0).getTextContent().strip();
  }
}
