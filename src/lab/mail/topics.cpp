// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "core/assert.hpp"
#include "lab/mail/wording.hpp"

namespace ward::lab {
namespace {

constexpr auto colleagues = std::to_array<Topic>({
    {"{Meeting|Short meeting|Minutes|Agenda}: <matter>",
     "{can we|could we|I would like to} {meet|talk|sit down} about <matter> {on|this} <day>{, at <hour>|}?{ "
     "<room> is free.| "
     "I booked <room>.|}\n\n{The last time we left it open.|It should not take long.|It is getting urgent.|}",
     "{Fine with me.|Works for me.|<day> is better for me.|I am on leave then, sorry.} {See you "
     "there.|Thanks.|}",
     0.6, Enclosure::invitation, 0.25},
    {"{Question about|About|Re-ordering|Missing:} <item>",
     "{who|does anybody know who} {looks after|has|took} <item>? {We need it on <day>.|The last one is "
     "gone.|It was here "
     "yesterday.}{\n\nPlease let me know.|\n\nI asked on the other ward already.|}",
     "{Try the store, shelf <few>.|We lent it to the other ward.|It is in <room>.|I will bring it by.}", 0.7},
    {"{Draft|Comments please|For review|Final version}: <matter>",
     "{attached is|please find attached|here is} {the draft|version <few>|what we agreed} on <matter>. "
     "{Comments until <day>, "
     "please.|Please read it before the meeting.|No changes after <day>.}",
     "{Looks good.|Two small things on page <few>.|I would leave out the second part.} {Thanks for doing "
     "this.|}",
     0.4, Enclosure::paper, 0.8},
    {"{Thank you|Well done|Cake in the staff room|Farewell <day>}",
     "{thanks to all who helped on <day>.|there is cake in <room>, help yourselves.|we say goodbye on <day> "
     "at <hour>.} {It "
     "was a hard week.|Everybody is welcome.|}",
     "{Thank you!|Lovely.|I will be there.}", 0.3, Enclosure::picture, 0.3},
});

constexpr auto shifts = std::to_array<Topic>({
    {"{Swap|Shift swap|Cover needed|Can somebody take} {<day>|night of the <few>.|early shift}{?|}",
     "{could somebody|can anybody|would you} {take|swap|cover} my {night|early|late} shift on <day>? {I "
     "could do <day> "
     "instead.|My child is ill.|I have an appointment.|}{\n\nThe rota office knows.|}",
     "{I can take it.|Sorry, I am away.|Only if you take my <day>.|Ask again next week.}", 0.7},
    {"{Rota|Duty plan|Leave requests} {for <month>|<month>|until <month>}",
     "{the rota for <month> is out.|please send your leave for <month> by <day>.|the plan for <month> has "
     "<few> gaps.} "
     "{It is on the share.|See the attachment.|Changes only by <day>.}",
     "{Thanks.|I cannot do the <few>.|Please check my nights.}", 0.3, Enclosure::table, 0.3},
});

constexpr auto offices = std::to_array<Topic>({
    {"{Order|Purchase request|Approval needed}: <item>",
     "{please approve|I need your approval for|we would like to order} <item>, {<amount> in all|about "
     "<amount>}. "
     "{The quotation is attached.|It is in the budget.|Delivery would be <day>.}",
     "{Approved.|Please get a second quotation.|Not this month.|Who pays for it?}", 0.6, Enclosure::paper,
     0.5},
    {"{Figures|Report|Statistics} {for <month>|<month>}",
     "{here are|attached are} the figures for <month>. {Admissions are up by <few> percent.|The waiting list "
     "is shorter.|"
     "I am still waiting for two wards.}",
     "{Thanks.|Can you split it by ward?|Which day was it taken?}", 0.4, Enclosure::table, 0.8},
    {"{Inspection|Visit|Audit} on <day>",
     "{the auditors|the inspectors} come on <day> at <hour>. {Please have the lists ready.|They want to see "
     "<room>.} "
     "{Contact me with questions.|}",
     "{We are ready.|Which lists?|I will be there.}", 0.4},
});

constexpr auto technology = std::to_array<Topic>({
    {"{Maintenance|Planned downtime|Short interruption}: <system>",
     "<system> {will be|is} {not available|updated|restarted} on <day> {from <hour>|after <hour>}. {Please "
     "save your work.|"
     "Use the paper forms meanwhile.|No action is needed.}\n\n{Details|More}: <link>",
     "", 0, Enclosure::none, 0, "intranet"},
    {"{Ticket <number>|Your request <number>}: {received|solved|please answer}",
     "your request about <system> {was received|was solved|needs an answer}. {You can see it here|Please "
     "confirm here}: <link>",
     "", 0, Enclosure::none, 0, "helpdesk"},
    {"{Security|Awareness|Reminder}: {suspicious mail|verify before you click|locked screens}",
     "{please be careful with|we see more} mails that ask for your password. {The service desk never asks "
     "for it.|Report "
     "them with the button.|When in doubt, call us.}\n\n{The course|Read more}: <link>",
     "", 0, Enclosure::none, 0, "intranet"},
});

constexpr auto password = std::to_array<Topic>({
    {"{Your password|Account notice: your password|Reminder: password} {expires|will expire|runs out} {in "
     "<few> days|on <day>}",
     "your password {expires|runs out} {in <few> days|on <day>}. {Please change it|You can change it} "
     "{here|on the account "
     "page}: <link>\n\n{After that you cannot sign in.|If you changed it already, ignore this.|Questions: "
     "the service desk.}",
     "", 0, Enclosure::none, 0, "account"},
});

constexpr auto second_factor = std::to_array<Topic>({
    {"{Action needed|Please set up|Reminder}: {second factor|sign-in app|authenticator}",
     "{the sign-in app has to be set up anew|your second factor was reset|we move to a new sign-in app}. "
     "{Please scan|Scan} "
     "the attached code with your {telephone|mobile phone} {until <day>|this week}.\n\n{Questions: the "
     "service desk.|It takes "
     "two minutes.}",
     "", 0, Enclosure::code},
    {"{Registration|Sign up|Join us}: {staff day|training on <day>|running group}",
     "{scan the code|the code is attached: scan it} to {register|sign up} {until <day>|by <day>}. {Places "
     "are few.|Families "
     "are welcome.|}",
     "", 0, Enclosure::code},
});

constexpr auto shared_paper = std::to_array<Topic>({
    {"{<sender>|A colleague} {shared|sent you} {a document|a file}: {<matter>|figures <month>}",
     "{a document|a file} about <matter> {was shared with you|is waiting for you}. {Open it|Sign in to read "
     "it} {here|"
     "on the page}: <link>\n\n{The link works for <few> days.|Please do not forward it.|}",
     "{I cannot open it.|Thanks, I read it.|Is it meant for me?}", 0.15, Enclosure::none, 0, "documents"},
});

constexpr auto invoice = std::to_array<Topic>({
    {"{Invoice|Your invoice|Invoice no.|Payment reminder, invoice} <number>{ of <month>|}",
     "{please find attached|attached is|here is} {our invoice|the invoice} <number> {for <item>|of <month>} "
     "over <amount>. "
     "{Payable within 30 days.|Please pay by <day>.|It is overdue since <day>.}{\n\nYou can also see it "
     "here: <link>|}",
     "{Passed on to accounting.|We paid this on <day>.|The order number is missing.|Which delivery is this?}",
     0.2, Enclosure::paper, 0.8, "portal"},
    {"{Statement|Account statement|Balance} {<month>|for <month>}",
     "{attached|here} is your statement for <month>. {The balance is <amount>.|Open items: "
     "<few>.}\n\n{Details|All items}: <link>",
     "{Thanks.|Item <few> was credited.}", 0.15, Enclosure::table, 0.7, "portal"},
});

constexpr auto firm = std::to_array<Topic>({
    {"{Delivery|Shipment|Delivery note} <number>: <item>",
     "{your order|order <number>} of <item> {was shipped|leaves our house on <day>|is delayed until <day>}. "
     "{Follow it here|"
     "Tracking}: <link>",
     "{Thank you.|Please deliver to <room>.|We need it earlier.}", 0.25, Enclosure::paper, 0.3, "track"},
    {"{Service visit|Maintenance|Inspection} {of <item>|on <day>}",
     "{our technician|our engineer} {comes|can come} on <day> at <hour> for <item>. {Please confirm.|Is that "
     "possible?|Please "
     "have the log ready.}",
     "{Confirmed.|<day> is better.|Please report at the desk first.}", 0.6, Enclosure::invitation, 0.2},
    {"{Quotation|Our offer|Offer} <number>: <item>",
     "{thank you for your inquiry.|as discussed:} {attached is our offer|our quotation is attached} for "
     "<item>, <amount> in "
     "all. {It holds until <month>.|Delivery within <few> weeks.}",
     "{Thanks, we will decide on <day>.|Can you do better on the price?|We take it; the order follows.}", 0.5,
     Enclosure::paper, 0.9},
    {"{Safety notice|Field notice|Recall}: <item>",
     "{please check|this concerns} <item> {of lot <number>|delivered in <month>}. {The attached form has to "
     "be returned.|No "
     "action is needed for other lots.}",
     "{Checked: none here.|Form attached.|We have <few> of them.}", 0.5, Enclosure::paper, 0.9, "portal"},
});

constexpr auto to_firm = std::to_array<Topic>({
    {"{Order|Our order|Re-order} <number>: <item>",
     "{we order|please send us} <few> units of <item>. {Delivery by <day>, please.|To <room>, as usual.|As "
     "in the last "
     "order.}",
     "{Thank you for your order.|It will be there on <day>.|It is on back order until <month>.|The "
     "confirmation is here: <link>} {Order "
     "number: <number>.|}",
     0.8, Enclosure::paper, 0.4},
    {"{Problem with|Fault:|Complaint:} <item>",
     "<item> {does not work since <day>|arrived damaged|shows an error}. {Please send somebody.|What should "
     "we do?|A picture "
     "is attached.}",
     "{We send somebody on <day>.|Please restart it and tell us the code.|A new one is on its way: "
     "<link>|The manual is here: <link>}",
     0.85, Enclosure::picture, 0.4},
});

constexpr auto practice = std::to_array<Topic>({
    {"{Referral|Request for an appointment|Transfer} ({urgent|routine|week <few>})",
     "{please see our patient|we refer a patient} {for a second opinion|for further care}. {The letter is "
     "attached.|The letter "
     "lies behind the link: <link>}\n\n{Please tell us when.|They can come any day.|}",
     "{<day> at <hour> is possible.|Please send the images too.|Seen; letter follows.}", 0.6, Enclosure::page,
     0.6, "secure"},
    {"{Letter|Findings|Report} requested",
     "{we did not get the letter|please send us the report} {of the stay in <month>|of <day>}. {The consent "
     "is attached.|By fax "
     "if need be.}",
     "{On its way.|Sent on <day>.|Please send the consent first.}", 0.6, Enclosure::paper, 0.7},
});

constexpr auto newsletter = std::to_array<Topic>({
    {"{News|This week|Digest}: {<matter>|<item>|issue <few>}",
     "{in this issue|this week}:\n\n- {What is new about|A review of|Five facts on} <matter>\n  <link>\n\n- "
     "{Offer of the month|"
     "Tested}: <item>\n  <link>\n\n- {Jobs|Courses in <month>|Letters}\n  <link>\n\n{You get this because "
     "you signed up.|Change "
     "your settings}: <link>",
     "", 0, Enclosure::none, 0, "click"},
    {"{Webinar|Congress|Course} {in <month>|on <day>}: <matter>",
     "{join us|register now} {on <day> at <hour>|in <month>}. {Speakers from <few> countries.|With "
     "credits.|Free for "
     "members.}\n\n{Register|Programme}: <link>\n{Unsubscribe|Settings}: <link>",
     "", 0, Enclosure::picture, 0.2, "click"},
});

constexpr auto new_domain = std::to_array<Topic>({
    {"{Our addresses change|New domain|Please note: new mail addresses}",
     "{we move to a new domain|our mail addresses change}: from {<day>|<month>} on we write from <domain>. "
     "{Both work until "
     "<month>.|The old ones stay valid until <month>.} {Bank details do not change.|Please update your "
     "lists.}\n\n{You can "
     "check this|It is announced} here: <link>",
     "{Thank you, noted.|Updated.}", 0.3, Enclosure::paper, 0.5, "portal"},
});

constexpr auto maintenance = std::to_array<Topic>({
    {"{Planned maintenance|Maintenance window|Our systems} {on <day>|<day>, <hour>}{: link not available|}",
     "{our systems are|the link to us is} {not available|being maintained} {on <day>|from <hour> on}{ for "
     "<few> hours|}. "
     "{Afterwards we may connect from another address|Connections will come from a new address|The address "
     "stays the same}{; the certificate stays the same|}.{\n\nNo action is needed.|\n\nPlease check your "
     "filter.|}",
     "{Thank you, noted.|Is the test system affected too?|Who can we call on <day>?}", 0.3},
    {"{Holiday|Pause|No transmissions} {of <few> hours|on <day>}",
     "{we will not send|there will be no transmissions} {on <day>|for <few> hours}. {What waits will come "
     "afterwards.|Please "
     "do not call; we know.|All is sent again from <day> on.}",
     "{Thank you, noted.|Fine.}", 0.3},
});

constexpr auto lost_thing = std::to_array<Topic>({
    {"{My laptop|Laptop|Telephone|My badge|Please lock it: laptop} {is gone|was stolen|missing|lost{ on the "
     "train|}}",
     "{my|the} {laptop|telephone|bag with the laptop|badge} {was stolen|is gone|cannot be found} {since "
     "<day>|since "
     "yesterday|on the way home|from my car}. {Please lock it.|What do I have to do?|I told the police.|I "
     "looked everywhere.}{ "
     "Call me after <hour>.|}",
     "{It is locked. Please come by on <day>.|Thank you. Ticket <number>.|Since when? Please change your "
     "password.}",
     0.6},
});

constexpr auto found_thing = std::to_array<Topic>({
    {"{Found|It is back|All clear|New laptop}: {my laptop|laptop|telephone|badge}",
     "{it was in <room>|somebody brought it back|I have it again|I have a new one since today}. {Please "
     "unlock it.|Sorry for "
     "the trouble.|Can I use it again?|The old one can stay locked.}",
     "{Unlocked.|Good!|Please restart it twice.}", 0.6},
});

constexpr auto appointment = std::to_array<Topic>({
    {"{Your appointment|Reminder: your appointment|Appointment} on <date>",
     "{your appointment is|we remind you of your appointment} on <date> at <time>. {Please bring your "
     "card.|Please come ten "
     "minutes early.|Please bring your list of medicines.}\n\n{To change it|Move or cancel}: <link>",
     "{Thank you, I will come.|Can I come later that day?|I have to cancel, sorry.}", 0.12, Enclosure::none,
     0, "portal"},
});

constexpr auto patient_result = std::to_array<Topic>({
    {"{A new result|New message|Something new} {in your record|on the portal}",
     "there is {something new|a new result|a letter} in your record. {Sign in|You can read it} {here|on the "
     "portal}: "
     "<link>\n\n{Please do not answer this mail.|Questions: ask your physician.}",
     "", 0, Enclosure::none, 0, "portal"},
});

constexpr auto staff_result = std::to_array<Topic>({
    {"{Result ready|Results|Order} <number>{: please review|: final|}",
     "{the result of order|order} <number> {is final|is ready|needs your review}. {Open the record to see "
     "it.|Open it: <link>}",
     "", 0, Enclosure::none, 0, "record"},
});

constexpr auto from_patient = std::to_array<Topic>({
    {"{Question|My appointment|Appointment|My letter|Bill <number>}",
     "{I would like to move my appointment|can I get my letter|I have a question about my bill|which "
     "medicines do I have to "
     "stop}{ on <day>| before <day>|}? {You can call me after <hour>.|Thank you.|It is my second mail.}",
     "{Please call the desk after <hour>.|We sent it on <day>.|<day> at <hour> is free.|Please ask your "
     "physician.}",
     0.6, Enclosure::picture, 0.12},
});

}   // namespace

std::span<const Topic> topics_of(Theme theme) {
    switch (theme) {
        case Theme::colleagues: return colleagues;
        case Theme::shifts: return shifts;
        case Theme::offices: return offices;
        case Theme::technology: return technology;
        case Theme::password: return password;
        case Theme::second_factor: return second_factor;
        case Theme::shared_paper: return shared_paper;
        case Theme::invoice: return invoice;
        case Theme::firm: return firm;
        case Theme::to_firm: return to_firm;
        case Theme::practice: return practice;
        case Theme::newsletter: return newsletter;
        case Theme::new_domain: return new_domain;
        case Theme::maintenance: return maintenance;
        case Theme::lost_thing: return lost_thing;
        case Theme::found_thing: return found_thing;
        case Theme::appointment: return appointment;
        case Theme::patient_result: return patient_result;
        case Theme::staff_result: return staff_result;
        case Theme::from_patient: return from_patient;
    }
    WARD_ASSERT(false);
    return {};
}

}   // namespace ward::lab
