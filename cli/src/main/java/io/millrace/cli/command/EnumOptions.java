package io.millrace.cli.command;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Options with a few possible values: an enum's constants in lower case, {@code CHUNG_LU} as {@code
 * chung-lu}.
 */
public final class EnumOptions {
  private EnumOptions() {}

  /** The constant as it is written on the command line. */
  public static String label(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Lets a command and its subcommands take options of an enum type. */
  public static <E extends Enum<E>> void register(CommandLine command, Class<E> type) {
    register(command, type, EnumOptions::label);
  }

  /** The same with other labels. */
  public static <E extends Enum<E>> void register(
      CommandLine command, Class<E> type, Function<E, String> label) {
    ITypeConverter<E> converter = text -> parse(text, type, label);
    command.registerConverter(type, converter);
  }

  private static <E extends Enum<E>> E parse(
      String text, Class<E> type, Function<E, String> label) {
    E[] choices = type.getEnumConstants();
    return Arrays.stream(choices)
        .filter(choice -> label.apply(choice).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "expected one of "
                        + Arrays.stream(choices).map(label).collect(Collectors.joining(", "))
                        + " but was '"
                        + text
                        + "'"));
  }
}
