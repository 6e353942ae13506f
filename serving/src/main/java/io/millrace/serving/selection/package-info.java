/**
 * How answers of several models become one, and how feedback changes that (Auer et al., "The
 * nonstochastic multiarmed bandit problem"; Clipper, section 5). Begin with {@link
 * io.millrace.serving.selection.SelectionPolicy}.
 */
package io.millrace.serving.selection;
