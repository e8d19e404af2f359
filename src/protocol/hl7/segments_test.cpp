// SPDX-License-Identifier: Apache-2.0
// What is told of a message's segments, and what is not.
#include "protocol/hl7/segments.hpp"

#include "protocol/hl7/message_test.hpp"

namespace ward::protocol::hl7 {
namespace {

const std::string observation = "OBX|1|NM|8867-4|1|107|bpm|||||R|||20260911||||EUI64^BED4SN0\r";

const Pseudonymise by_length = [](std::string_view id) {
    return event::Pseudonym{"key:" + std::to_string(id.size())};
};

const std::string message = frame(header + patient + observation);

TEST(Hl7Segments, NamesTheFieldsThatIdentifyAPatientAndNotTheirValues) {
    auto talk = bed();
    talk.out.pseudonymise = &by_length;
    talk.client(message).end();
    EXPECT_THAT(talk.one<Hl7Message>().patient_fields, ElementsAre("PID-3", "PID-5", "PID-7", "PID-11"));
    EXPECT_EQ(talk.one<Hl7Message>().patient.text, "key:4");
    EXPECT_EQ(talk.out.patient_items, 4u);
    EXPECT_EQ(talk.out.patient_messages, 1u);
    for (const char* value : {"4711", "HADDAD", "NADIA", "19590307", "ROSE"})
        EXPECT_THAT(talk.json(), Not(HasSubstr(value)));
}

TEST(Hl7Segments, DelimitersAndBlanksIdentifyNobody) {
    auto talk = bed();
    talk.client(
            frame(header +
                  "PID|1||^^^CLIN^MR~^^^H2||^^|^| |\"\"|||~&|||||||^^^CLIN\rOBX|1|NM|1|||||||||||||||^^^\r"))
        .end();
    EXPECT_THAT(talk.one<Hl7Message>().patient_fields, IsEmpty());
    EXPECT_THAT(talk.one<Hl7Message>().devices, IsEmpty());
    EXPECT_EQ(talk.out.patient_messages, 0u);
    auto second = bed();
    second.client(frame(header + "PID|1||^^^CLIN^MR~4711^^^H2\r")).end();
    EXPECT_THAT(second.one<Hl7Message>().patient_fields, ElementsAre("PID-3"));
}

TEST(Hl7Segments, WordsAreNoDevice) {
    for (const std::string words :
         {"Nurse Haddad", "Haddad, Nadia 1959", "taken 9:30 by Haddad", "Haddad Nadia 19590307",
          "SN123^Alaris^Haddad", "SN123^Alaris^Haddad^Nadia Rose"}) {
        auto talk = bed();
        talk.client(frame(header + "OBX|1|NM|1|||||||||||||||" + words + "\rPRT|1|UC||EQUIP||||||" + words +
                          "\r"))
            .end();
        EXPECT_THAT(talk.one<Hl7Message>().devices, IsEmpty()) << words;
    }
    auto talk = bed();
    talk.client(frame(header + "OBX|1|NM|1|||||||||||||||MX800 DE1^BED4\r")).end();
    EXPECT_THAT(talk.one<Hl7Message>().devices, ElementsAre(event::Hl7Device{"OBX-18", "MX800 DE1^BED4"}));
    const std::string two = "CH1^^A1^EUI-64~MDS^^A2^EUI-64";
    auto repeated = bed();
    repeated.client(frame(header + "OBX|1|NM|1|||||||||||||||" + two + "\r")).end();
    EXPECT_THAT(repeated.one<Hl7Message>().devices, ElementsAre(event::Hl7Device{"OBX-18", two}));
}

TEST(Hl7Segments, AHeaderMayDeclareNoSubcomponents) {
    auto talk = bed();
    talk.client(message).server(
        frame("MSH|^~\\|HIS|CLIN|BED4|UNIT07|2026||ACK|A1|P|2.3\rMSA|AE|M1\r"
              "ERR|PID^1^5^101&Required\r"));
    EXPECT_EQ(talk.one<Hl7Message>().acknowledgement->error_code, "101");
}

TEST(Hl7Segments, KeepsADevicesNameAsItWasFoundAndOnce) {
    auto talk = bed();
    talk.client("\x0b" + header + observation + observation + "\x1c\r").end();
    EXPECT_THAT(talk.one<Hl7Message>().devices, ElementsAre(event::Hl7Device{"OBX-18", "EUI64^BED4SN0"}));
}

// As senders write it whose line end is not CR, or is lost.
TEST(Hl7Segments, AHeaderThatRunsIntoAPatientsSegmentTellsNothingOfIt) {
    const std::string patients = "PID|1||MRN7740913||HADDAD^NADIA|LEE^ANN|19590307|F|||1 ROSE ST";
    const std::string head = "MSH|^~\\&|BED4|UNIT07|HIS|CLIN|20260911||ORU^R01^ORU_R01|M1|P|2.5.1";
    for (const std::string& begin :
         {head, head + "\\r", head + "\\X0D\\", head + "\x1e", head + " ", head + "|", head + "||",
          head + "|||AL|NE", head + "|||AL|NE|USA", head + "|||AL|NE|USA|UTF-8|", head.substr(0, 9),
          head.substr(0, 14), head.substr(0, 21), head.substr(0, 43)}) {
        auto talk = bed();
        talk.client(frame(begin + patients + "\r" + observation)).end();
        for (const char* value : {"7740913", "HADDAD", "NADIA", "LEE", "19590307", "ROSE"})
            EXPECT_THAT(talk.json(), Not(HasSubstr(value))) << begin;
        EXPECT_THAT(talk.one<Hl7Message>().framing, ElementsAre("malformed MSH")) << begin;
        EXPECT_EQ(talk.out.patient_messages, 1u) << begin;
        EXPECT_EQ(talk.one<Hl7Message>().sending_application, "") << begin;
        EXPECT_THAT(talk.one<Hl7Message>().devices, Not(IsEmpty())) << begin;
    }
}

TEST(Hl7Segments, AMalformedMessageIsAnsweredWithoutItsControlId) {
    auto talk = bed();
    talk.client(frame("MSH|^~\\&|PID|1||4711||HADDAD||19590307|F\r"))
        .server(frame(header + "MSA|AA|19590307\r"));
    EXPECT_THAT(talk.json(), Not(HasSubstr("19590307")));
    EXPECT_EQ(talk.all<Hl7Message>().size(), 2u);
}

TEST(Hl7Segments, AHeadersCodesAreToldAsTheirTablesHaveThem) {
    const auto told = [](const std::string& rest) {
        auto talk = bed();
        talk.client(frame("MSH|^~\\&|BED4|UNIT07|HIS|CLIN|2026||" + rest + "\r")).end();
        return talk.one<Hl7Message>();
    };
    const auto whole = told("ACK|M1|T^A|2.5^DEU|||AL|ER|DEU|8859/1~UNICODE UTF-8||en");
    EXPECT_EQ(whole.type, "ACK");
    EXPECT_EQ(whole.processing_id, "T");
    EXPECT_EQ(whole.version, "2.5");
    EXPECT_EQ(whole.application_acknowledgement, "ER");
    EXPECT_EQ(whole.character_set, "8859/1~UNICODE UTF-8");
    EXPECT_EQ(whole.receiving_facility, "CLIN");
    EXPECT_THAT(whole.framing, IsEmpty());
    EXPECT_EQ(told("ORU|M1|P|2.1").type, "ORU");
    EXPECT_EQ(told("ADT^PCA^ADT_A01|M1|P|2.6").sending_application, "BED4");
    EXPECT_EQ(told("ORU^R01|M1|HADDAD||||||8859/1~HADDAD").processing_id, "");
    EXPECT_EQ(told("ORU^R01|M1|P|2.3||||||8859/1~HADDAD").character_set, "");
    for (const char* wrong :
         {"LEE^ANN|M1|P|2.3", "ORU^R01|M1|P|19590307", "LEE|M1|P", "ORU^R01|M1|P|F", "ORU^R01|M1|P|2.3|||LEE",
          "ORU^R01|M1|P|2.3||||LEE", "ORU^R01^Haddad|M1", "ORU^R01^ORU_R01^Haddad|M1"})
        EXPECT_EQ(told(wrong).sending_application, "") << wrong;
    EXPECT_EQ(told("LEE|M1|P").type, "");
}

TEST(Hl7Segments, FieldsStandWhereTheDelimitersOfTheHeaderSay) {
    auto talk = bed();
    talk.out.pseudonymise = &by_length;
    talk
        .client(frame(
            "MSH!$*\\&!BED4!UNIT07!HIS!CLIN!2026!!ORU$R01!M1!P!2.5.1\rPID!1!!47111$$$CLIN*1!!HADDAD$N\r"))
        .end();
    EXPECT_EQ(talk.one<Hl7Message>().type, "ORU$R01");
    EXPECT_EQ(talk.one<Hl7Message>().patient.text, "key:5");
    EXPECT_THAT(talk.one<Hl7Message>().patient_fields, ElementsAre("PID-3", "PID-5"));
}

// Versions 2.1 and 2.2 have an external, an internal and an alternate identifier.
TEST(Hl7Segments, AnOldMessagesPatientIsKnownByItsOtherIdentifiers) {
    auto external = bed();
    external.out.pseudonymise = &by_length;
    external.client(frame(header + "PID|1|123456^4^M10\r")).end();
    EXPECT_EQ(external.one<Hl7Message>().patient.text, "key:6");
    auto alternate = bed();
    alternate.out.pseudonymise = &by_length;
    alternate.client(frame(header + "PID|1|||12345678\r")).end();
    EXPECT_EQ(alternate.one<Hl7Message>().patient.text, "key:8");
}

TEST(Hl7Segments, NamesIdentifyingFieldsOfRelativesInsurersAndQueries) {
    const auto fields = [](const std::string& segment, std::size_t number) {
        auto talk = bed();
        talk.client(frame(header + segment + std::string(number, '|') + "HADDAD\r")).end();
        EXPECT_THAT(talk.json(), Not(HasSubstr("HADDAD")));
        return talk.one<Hl7Message>().patient_fields;
    };
    EXPECT_THAT(fields("PID", 29), ElementsAre("PID-29"));
    EXPECT_THAT(fields("GT1", 12), ElementsAre("GT1-12"));
    EXPECT_THAT(fields("IN1", 49), ElementsAre("IN1-49"));
    EXPECT_THAT(fields("IN2", 2), ElementsAre("IN2-2"));
    EXPECT_THAT(fields("QRD", 8), ElementsAre("QRD-8"));
}

TEST(Hl7Segments, AParticipationSaysWhichProductAndSerialNumberADeviceHas) {
    auto talk = bed();
    const std::string pump = "PRT|1|UC||EQUIP||||||PUMP1^^A^EUI-64||||||00844588003288||||S1\r";
    const std::string twin = "PRT|2|UC||EQUIP||||||PUMP2^^B^EUI-64||||||00844588003288||||S1\r";
    const std::string nameless = "PRT|3|UC||EQUIP||||||||||||00844588003289\r";
    talk.client(frame(header + pump + twin + pump + nameless)).end();
    EXPECT_THAT(talk.one<Hl7Message>().devices,
                ElementsAre(event::Hl7Device{"PRT-10", "PUMP1^^A^EUI-64", "00844588003288", "S1"},
                            event::Hl7Device{"PRT-10", "PUMP2^^B^EUI-64", "00844588003288", "S1"},
                            event::Hl7Device{"PRT-16", "00844588003289", "00844588003289", ""}));
}

TEST(Hl7Segments, AUniqueDeviceIdentifierIsReadForItsProductAndSerialNumber) {
    auto talk = bed();
    const std::string udi = "(01)00844588003288(17)270101(10)LOT7(21)SN-5";
    talk.client(frame(header + "PRT|1|UC||EQUIP||||||" + udi + "^^2.51.1.1^ISO\r")).end();
    EXPECT_THAT(talk.one<Hl7Message>().devices,
                ElementsAre(event::Hl7Device{"PRT-10", udi + "^^2.51.1.1^ISO", "00844588003288", "SN-5"}));
}

TEST(Hl7Segments, AMessageKeepsOnlySoManyDevices) {
    auto talk = bed();
    std::string many = header;
    for (int i = 0; i < 40; ++i) many += "OBX|1|NM|1||1||||||F|||||||DEVICE" + std::to_string(i) + '\r';
    talk.client(frame(many)).end();
    EXPECT_EQ(talk.one<Hl7Message>().devices.size(), 16u);
}

}   // namespace
}   // namespace ward::protocol::hl7
