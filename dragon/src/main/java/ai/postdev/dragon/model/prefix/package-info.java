/** What a model has read already, so that a prompt which begins alike need not be read again from its beginning. */
package ai.postdev.dragon.model.prefix;
