/**
 * Answers that follow a JSON schema: from the schema a {@link ai.postdev.dragon.model.constrain.Grammar}, from that the text of
 * a GBNF grammar for llama.cpp, and an automaton that says which bytes, and which tokens, may come next.
 */
package ai.postdev.dragon.model.constrain;
