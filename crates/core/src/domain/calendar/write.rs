//! Events to iCalendar text (RFC 5545).

use ical::component::{IcalComponent, IcalComponentKind};
use ical::ical::Ical;
use ical::param::IcalParam;
use ical::prop::{IcalProp, IcalPropKind as K, IcalPropName};
use ical::tree::cst::IcalCst;
use ical::value::IcalValue;
use ical::version::IcalVersion;

use super::{Event, Invitation, Method, Party, When};
use crate::db::types::{Day, UtcTime};
use crate::error::{Error, Result};

const PRODUCT: &str = "-//Checkride//Checkride//EN";
/// How often a calendar program should read a feed again.
const READ_AGAIN: &str = "PT1H";

/// A feed of events.
///
/// Errors: A fault when the library refuses what it is given.
pub fn feed(title: &str, events: &[Event]) -> Result<String> {
    let hourly = || IcalValue::Duration(READ_AGAIN.into());
    let again = prop(
        "REFRESH-INTERVAL",
        vec![IcalParam::Value("DURATION".into())],
        hourly(),
    );
    let title = clean(title);
    let props = vec![
        text(K::ProdId, PRODUCT),
        text("NAME", &title),
        text("X-WR-CALNAME", &title),
        again,
        prop("X-PUBLISHED-TTL", vec![], hourly()),
    ];
    written(props, events)
}

/// An event that a calendar is asked to add, change or remove.
///
/// Errors: As [`feed`].
pub fn invitation(event: &Event) -> Result<Invitation> {
    let method = match event.is_cancelled {
        true => Method::Cancel,
        false => Method::Request,
    };
    let props = vec![text(K::ProdId, PRODUCT), text(K::Method, method.word())];
    let ics = written(props, std::slice::from_ref(event))?;
    Ok(Invitation { method, ics })
}

fn written(props: Vec<IcalProp<'static>>, events: &[Event]) -> Result<String> {
    let calendar = Ical {
        version: IcalVersion::V2_0,
        props,
        components: events.iter().map(component).collect(),
    };
    let valid = calendar
        .validate()
        .map_err(|errors| Error::fault(format!("a calendar was refused: {errors:?}")))?;
    String::from_utf8(IcalCst::from(valid).to_bytes()).map_err(Error::fault)
}

fn component(event: &Event) -> IcalComponent<'static> {
    let mut props = vec![
        text(K::Uid, &event.uid),
        prop(
            K::Sequence,
            vec![],
            IcalValue::Integer(event.sequence.to_string().into()),
        ),
        prop(K::DtStamp, vec![], moment(event.revised_at)),
        prop(K::LastModified, vec![], moment(event.revised_at)),
    ];
    match event.when {
        When::Hours(from, to) => {
            props.push(prop(K::DtStart, vec![], moment(from)));
            props.push(prop(K::DtEnd, vec![], moment(to)));
        }
        When::Day(day) => {
            props.push(date(K::DtStart, day));
            props.push(date(K::DtEnd, day.plus_days(1)));
        }
    }
    props.push(text(K::Summary, &clean(&event.summary)));
    if !event.description.is_empty() {
        props.push(text(K::Description, &clean(&event.description)));
    }
    props.push(prop(
        K::Url,
        vec![],
        IcalValue::Uri(event.link.clone().into()),
    ));
    let status = match event.is_cancelled {
        true => "CANCELLED",
        false => "CONFIRMED",
    };
    props.push(text(K::Status, status));
    let busy = match event.is_busy() {
        true => "OPAQUE",
        false => "TRANSPARENT",
    };
    props.push(text(K::Transp, busy));
    if let Some(organiser) = &event.organiser {
        props.push(address(K::Organizer, organiser, vec![]));
    }
    if let Some(attendee) = &event.attendee {
        // Nobody reads an answer: what was agreed is arranged in Checkride.
        let agreed = vec![
            IcalParam::Role("REQ-PARTICIPANT".into()),
            IcalParam::PartStat("ACCEPTED".into()),
            IcalParam::Rsvp("FALSE".into()),
        ];
        props.push(address(K::Attendee, attendee, agreed));
    }
    IcalComponent {
        name: IcalComponentKind::VEvent.into(),
        props,
        components: Vec::new(),
    }
}

fn prop(
    name: impl Into<IcalPropName<'static>>,
    params: Vec<IcalParam<'static>>,
    value: IcalValue<'static>,
) -> IcalProp<'static> {
    IcalProp {
        name: name.into(),
        params,
        value,
    }
}

fn text(name: impl Into<IcalPropName<'static>>, value: &str) -> IcalProp<'static> {
    IcalProp::text(name, vec![], value.to_owned())
}

fn moment(at: UtcTime) -> IcalValue<'static> {
    let text = at.timestamp().strftime("%Y%m%dT%H%M%SZ").to_string();
    IcalValue::DateTime(text.into())
}

fn date(name: K, day: Day) -> IcalProp<'static> {
    let text = day.date().strftime("%Y%m%d").to_string();
    prop(
        name,
        vec![IcalParam::Value("DATE".into())],
        IcalValue::Date(text.into()),
    )
}

fn address(name: K, party: &Party, mut params: Vec<IcalParam<'static>>) -> IcalProp<'static> {
    // A quote cannot be in a parameter (RFC 5545, 3.1).
    let shown = clean(&party.name).replace(['"', '\n'], " ");
    params.insert(0, IcalParam::Cn(shown.into()));
    let mail = format!("mailto:{}", party.email);
    prop(name, params, IcalValue::CalAddress(mail.into()))
}

/// Without control characters but line breaks: readers refuse the whole file for one.
fn clean(text: &str) -> String {
    text.chars()
        .map(|c| if c == '\t' { ' ' } else { c })
        .filter(|c| *c == '\n' || !c.is_control())
        .collect()
}
