/**
 * The command line. Calls to a running node take a fast path that loads neither picocli nor Pekko; picocli writes the
 * help, explains wrong arguments and makes the completion script, from the same table of verbs.
 */
package ai.postdev.app.cli;
