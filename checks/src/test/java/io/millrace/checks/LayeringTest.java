package io.millrace.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Annotation;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.Signature;
import java.lang.classfile.attribute.RuntimeVisibleAnnotationsAttribute;
import java.lang.classfile.attribute.SignatureAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;

/**
 * Every module imports only what its row of {@link Layer} allows, in its classes, in the import
 * lines of its sources and in its pom.
 */
class LayeringTest {
  private static final Path ROOT =
      Path.of(System.getProperty("maven.multiModuleProjectDirectory", ".."));

  static Stream<String> modules() {
    return Layer.ALL.stream().map(Layer::module);
  }

  static Stream<String> modulesWithClasses() {
    return Layer.ALL.stream().filter(layer -> !layer.floors().isEmpty()).map(Layer::module);
  }

  @ParameterizedTest
  @MethodSource("modulesWithClasses")
  void classesStayInTheirRow(String module) throws Exception {
    Path classes = ROOT.resolve(module).resolve("target/classes");
    assumeTrue(
        Files.isDirectory(classes),
        module + " is not compiled (it is when Maven runs from the root)");
    assertEquals(List.of(), Imports.violations(classes, Layer.of(module)));
  }

  @ParameterizedTest
  @MethodSource("modulesWithClasses")
  void importLinesOfSourcesStayInTheirRow(String module) throws IOException {
    Path sources = ROOT.resolve(module).resolve("src/main/java");
    if (Files.isDirectory(sources)) {
      assertEquals(List.of(), Imports.sourceViolations(sources, Layer.of(module)));
    }
  }

  @ParameterizedTest
  @MethodSource("modules")
  void pomStaysInItsRow(String module) throws Exception {
    try (InputStream pom = Files.newInputStream(ROOT.resolve(module).resolve("pom.xml"))) {
      assertEquals(List.of(), PomDependencies.violations(parse(pom), Layer.of(module)));
    }
  }

  @Test
  void bomManagesEveryModuleThatUsersGet() throws Exception {
    try (InputStream pom = Files.newInputStream(ROOT.resolve("bom/pom.xml"))) {
      Document bom = parse(pom);
      for (String module : modulesWithClasses().filter(name -> !name.equals("checks")).toList()) {
        assertTrue(
            PomDependencies.artifacts(bom).contains("millrace-" + Layer.of(module).artifact()),
            module + " is missing");
      }
    }
  }

  @Test
  void tableHasAllModulesOfTheBuildInItsOrder() throws Exception {
    try (InputStream pom = Files.newInputStream(ROOT.resolve("pom.xml"))) {
      var modules = parse(pom).getElementsByTagName("module");
      List<String> names =
          Stream.iterate(0, i -> i + 1)
              .limit(modules.getLength())
              .map(i -> modules.item(i).getTextContent())
              .toList();
      assertEquals(names, modules().toList());
    }
  }

  @Test
  void findsImportsInCodeDescriptorsSignaturesAndAnnotations() {
    List<Consumer<ClassBuilder>> ways =
        List.of(
            c ->
                c.withMethodBody(
                    "call",
                    ConstantDescs.MTD_void,
                    ClassFile.ACC_STATIC,
                    code ->
                        code.invokestatic(ClassDesc.of("ai.djl.X"), "f", ConstantDescs.MTD_void)
                            .return_()),
            c -> c.withField("field", ClassDesc.of("ai.djl.X").arrayType(), 0),
            c ->
                c.withMethod(
                    "parameter",
                    MethodTypeDesc.of(ConstantDescs.CD_void, ClassDesc.of("ai.djl.X")),
                    ClassFile.ACC_ABSTRACT,
                    _ -> {}),
            c ->
                c.withField(
                    "typeArgument",
                    ConstantDescs.CD_List,
                    f ->
                        f.with(
                            SignatureAttribute.of(
                                Signature.parseFrom("Ljava/util/List<Lai/djl/X;>;")))),
            c ->
                c.with(
                    RuntimeVisibleAnnotationsAttribute.of(
                        Annotation.of(ClassDesc.of("ai.djl.X")))));
    for (Consumer<ClassBuilder> way : ways) {
      assertEquals(
          List.of("io.millrace.sampler.S uses ai.djl, which sampler may not import"),
          violations("io.millrace.sampler.S", "sampler", way));
      assertEquals(List.of(), violations("io.millrace.training.T", "training", way));
    }
  }

  @Test
  void findsImportsFromTheRightAndFromInsideTheJdk() {
    assertEquals(
        List.of("io.millrace.sampler.S uses io.millrace.slicing, which sampler may not import"),
        violations("io.millrace.sampler.S", "sampler", field("io.millrace.slicing.Slicer")));
    assertEquals(
        List.of(), violations("io.millrace.slicing.S", "slicing", field("io.millrace.sampler.S")));
    assertEquals(
        List.of("io.millrace.slicing.S uses sun.misc, which slicing may not import"),
        violations("io.millrace.slicing.S", "slicing", field("sun.misc.Unsafe")));
  }

  @Test
  void findsImportsFromAHigherFloor() {
    assertEquals(
        List.of(
            "io.millrace.datasets.npy.N uses io.millrace.datasets, which io.millrace.datasets.npy"
                + " may not import"),
        violations("io.millrace.datasets.npy.N", "datasets", field("io.millrace.datasets.Split")));
    assertEquals(
        List.of(),
        violations(
            "io.millrace.datasets.D", "datasets", field("io.millrace.datasets.npy.NpyType")));
    assertEquals(
        List.of(
            "io.millrace.sampler.S uses io.millrace.datasets.csr, which sampler may not import"),
        violations(
            "io.millrace.sampler.S", "sampler", field("io.millrace.datasets.csr.CsrBuilder")));
  }

  @Test
  void findsAnImportThatOnlyJavadocUses() {
    String source =
        """
        package io.millrace.datasets.npy;
        import java.util.List;
        import io.millrace.BadInputException;
        import io.millrace.datasets.Split;
        """;
    assertEquals(
        List.of(
            "a source of io.millrace.datasets.npy imports io.millrace.datasets.Split, which"
                + " io.millrace.datasets.npy may not import"),
        Imports.sourceViolations(source, Layer.of("datasets")));
  }

  @Test
  void findsAPackageThatIsNotTheModules() {
    assertEquals(
        List.of(
            "io.millrace.sampler.impl.S is not in a package of sampler "
                + Layer.of("sampler").packages()),
        violations("io.millrace.sampler.impl.S", "sampler", _ -> {}));
  }

  @Test
  void findsDependenciesThatAreNotInTheRow() throws Exception {
    String pom =
        """
        <project><dependencies>
        <dependency><artifactId>millrace-datasets</artifactId></dependency>
        <dependency><artifactId>millrace-training</artifactId></dependency>
        <dependency><artifactId>slf4j-simple</artifactId><scope>test</scope></dependency>
        </dependencies><profiles><profile><dependencies>
        <dependency><artifactId>jcuda</artifactId></dependency>
        </dependencies></profile></profiles></project>
        """;
    assertEquals(
        List.of(
            "the pom of sampler lists millrace-training, not in its row",
            "the pom of sampler lists jcuda, not in its row"),
        PomDependencies.violations(
            parse(new ByteArrayInputStream(pom.getBytes())), Layer.of("sampler")));
  }

  private static Consumer<ClassBuilder> field(String type) {
    return c -> c.withField("field", ClassDesc.of(type), 0);
  }

  private static List<String> violations(
      String name, String module, Consumer<ClassBuilder> content) {
    byte[] bytes =
        ClassFile.of()
            .build(
                ClassDesc.of(name),
                c -> {
                  c.withFlags(ClassFile.ACC_ABSTRACT);
                  content.accept(c);
                });
    return Imports.violations(ClassFile.of().parse(bytes), Layer.of(module));
  }

  private static Document parse(InputStream xml) throws Exception {
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(xml);
  }
}
