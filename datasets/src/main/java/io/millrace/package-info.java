/**
 * What every module tells its user: bad input and progress. Begin with {@link
 * io.millrace.BadInputException}.
 *
 * <p>Bad input of any kind, a file, a value or an option, is one {@link
 * io.millrace.BadInputException} of one line: the rule that is broken, then <i>name=value</i> for
 * each thing that breaks it. Other exceptions are errors of Millrace itself.
 *
 * <p>A public type or member with the annotation {@link io.millrace.Internal} is public only for
 * other packages of Millrace.
 */
package io.millrace;
