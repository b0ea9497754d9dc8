/**
 * Keeps lakes equal to folders: {@link ai.postdev.developer.watch.Workspaces} holds the folders of a node, one
 * {@code Workspace} each; {@code FileWatcher} and {@code GitWatcher} tell what changed, {@code WorkspaceSync} decides
 * what to read and to write, {@code WorkspaceDisk} does the blocking part.
 */
package ai.postdev.developer.watch;
