package ai.postdev.dragon.lake.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TermsTest {
    @ParameterizedTest
    @CsvSource({
        "HTTPResponse2, httpresponse2 http response respons 2",
        "getHTTPResponses2, gethttpresponses2 get http responses respons 2",
        "snake_case_name, snake_case_name snake case name",
        "MAX_RETRY, max_retry max retry retri",
        "__init__, __init__ init",
        "parseXML, parsexml parse pars xml",
        "XMLParser, xmlparser xml parser",
        "$scope, $scope scope",
        "i18n, i18n i 18 n",
        "validators, validators valid",
        "validation, validation valid",
        "run, run",
        "Großbuchstabe, großbuchstabe",
        "ÉcoleName, écolename",
    })
    void givesTheWordItsPartsAndTheirStems(String identifier, String expected) {
        assertEquals(List.of(expected.split(" ")), List.copyOf(Terms.all(identifier)));
    }

    @Test
    void separatesWordsAtEverythingElse() {
        List<String> words = Terms.words("foo.bar(baz)->qux::quux #tag \"str\"").stream()
                .map(Terms.Word::text)
                .toList();
        assertEquals(List.of("foo", "bar", "baz", "qux", "quux", "tag", "str"), words);
    }

    @Test
    void leavesOutWhatNobodyWrote() {
        String blob = "A".repeat(5_000);
        assertTrue(Terms.all(blob).isEmpty());
        assertEquals(List.of("short"), List.copyOf(Terms.all(blob + " short")));
        assertTrue(Terms.all("é".repeat(5_000)).isEmpty());
    }

    @Test
    void keepsWordsApartThatForeignPunctuationSeparates() {
        assertEquals(List.of("uno", "due"), List.copyOf(Terms.all("uno“due")));
    }

    @Test
    void survivesManyParts() {
        String long40 = "aB".repeat(40);
        assertTrue(Terms.all(long40).size() > 1);
    }
}
